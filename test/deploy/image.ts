import { chmod, copyFile, cp, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Instruction, listContext, parseDockerfile, readPairs, type Stage } from './dockerfile.ts';

// Builds the Dockerfile without an engine: every stage is an overlay over a bare Debian into which the tool of its base image
// was put, and its instructions are carried out there with chroot. What a stage adds is its upper folder, and so can be weighed.

const ROOT = join(import.meta.dir, '../..');
const BASE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How the machine that builds reaches the package registry; an engine is given such things as build arguments. */
const PASSED_ON =
  /^(HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|npm_config_registry|BUN_CONFIG_REGISTRY)$/;

export interface Image {
  name: string;
  root: string;
  /** Where everything is that the stage has added to its base. */
  layer: string;
  user: string;
  workdir: string;
  env: Record<string, string>;
  entrypoint: string[];
  cmd: string[];
  healthcheck: string[];
  /** Seconds between two health checks. */
  interval: number;
}

/** Runs a command and gives what it wrote. Throws that if it fails. */
export function run(command: string[], env: Record<string, string | undefined> = process.env): string {
  const done = Bun.spawnSync(command, { env, stdin: 'ignore' });
  const output = done.stdout.toString() + done.stderr.toString();
  if (!done.success) throw new Error(`${command.join(' ')} failed:\n${output}`);
  return output;
}

/** Builds all stages under `work`, over the Debian in `debian`. */
export async function buildImages(work: string, debian: string): Promise<Image[]> {
  const context = await listContext(ROOT);
  const images: Image[] = [];
  for (const stage of parseDockerfile(await Bun.file(join(ROOT, 'Dockerfile')).text())) {
    console.log(`\n${stage.name}, from ${stage.base}`);
    const image = await startImage(work, debian, stage);
    for (const instruction of stage.instructions) {
      console.log(`  ${instruction.name} ${instruction.text.slice(0, 100)}`);
      await carryOut(instruction, { image, images, context });
    }
    images.push(image);
  }
  return images;
}

async function startImage(work: string, debian: string, { base, name }: Stage): Promise<Image> {
  const tools = join(work, `${name}-base`);
  await mkdir(tools, { recursive: true });
  await putTool(base, tools);
  const [layer, spare, root] = ['layer', 'spare', 'root'].map((part) => join(work, name, part)) as [
    string,
    string,
    string,
  ];
  for (const folder of [layer, spare, root]) await mkdir(folder, { recursive: true });
  const options = `lowerdir=${tools}:${debian},upperdir=${layer},workdir=${spare}`;
  run(['mount', '-t', 'overlay', 'overlay', '-o', options, root]);
  if (base.startsWith('oven/bun:'))
    run(['chroot', root, 'sh', '-c', 'groupadd -g 1000 bun && useradd -u 1000 -g bun -m bun']);
  run(['mount', '-t', 'proc', 'proc', join(root, 'proc')]);
  for (const device of ['null', 'zero', 'random', 'urandom']) {
    await Bun.write(join(root, 'dev', device), '');
    run(['mount', '--bind', `/dev/${device}`, join(root, 'dev', device)]);
  }
  const env = { PATH: BASE_PATH };
  return { name, root, layer, env, user: '0:0', workdir: '/', entrypoint: [], cmd: [], healthcheck: [], interval: 30 };
}

/** What a base image has that a bare Debian has not. */
async function putTool(base: string, root: string): Promise<void> {
  await mkdir(join(root, 'etc'), { recursive: true });
  await Bun.write(join(root, 'etc/hosts'), '127.0.0.1 localhost backend frontend\n');
  if (base.startsWith('oven/bun:')) {
    if (!base.startsWith(`oven/bun:${Bun.version}-`))
      throw new Error(`${base} is not the Bun that runs this: ${Bun.version}`);
    await mkdir(join(root, 'usr/local/bin'), { recursive: true });
    await copyFile(process.execPath, join(root, 'usr/local/bin/bun'));
    await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
    await cp('/etc/ssl', join(root, 'etc/ssl'), { recursive: true, dereference: true });
  } else if (base.startsWith('caddy:')) {
    await mkdir(join(root, 'usr/bin'), { recursive: true });
    await copyFile(Bun.which('caddy') ?? '/usr/bin/caddy', join(root, 'usr/bin/caddy'));
    run(['ln', '-s', '/bin/busybox', join(root, 'usr/bin/wget')]);
    await mkdir(join(root, 'etc/caddy'));
  } else {
    throw new Error(`Nobody has said what is in ${base}`);
  }
}

interface Circumstances {
  image: Image;
  /** The stages before this one. */
  images: readonly Image[];
  context: readonly string[];
}

async function carryOut(instruction: Instruction, { image, images, context }: Circumstances): Promise<void> {
  const { name, text, exec, flags } = instruction;
  if (name === 'ENV') Object.assign(image.env, Object.fromEntries(readPairs(text)));
  else if (name === 'USER') image.user = text;
  else if (name === 'EXPOSE') return;
  else if (name === 'CMD') image.cmd = exec ?? [];
  else if (name === 'ENTRYPOINT') image.entrypoint = exec ?? [];
  else if (name === 'HEALTHCHECK') {
    image.healthcheck = exec ?? [];
    image.interval = Number.parseInt(flags.interval ?? '30', 10);
  } else if (name === 'WORKDIR') {
    image.workdir = join(image.workdir, text);
    await mkdir(join(image.root, image.workdir), { recursive: true });
  } else if (name === 'COPY') {
    const from = flags.from === undefined ? null : images.find((one) => one.name === flags.from);
    if (from === undefined) throw new Error(`There is no stage ${flags.from}`);
    await copy(text.split(/\s+/), { image, from, context });
  } else if (name === 'RUN') {
    const passed = Object.entries(process.env).filter(([variable]) => PASSED_ON.test(variable));
    run(inside(image, ['sh', '-c', text]), { HOME: '/root', ...Object.fromEntries(passed), ...image.env });
  } else throw new Error(`${name} is not carried out here: say how`);
}

async function copy(
  names: string[],
  { image, from, context }: { image: Image; from: Image | null; context: readonly string[] },
) {
  const target = names.at(-1) ?? '';
  const sources = names.slice(0, -1);
  const isFolder = target.endsWith('/') || sources.length > 1;
  const goal = join(image.root, target.startsWith('/') ? target : join(image.workdir, target));
  for (const source of sources) {
    if (from) {
      await cp(join(from.root, source), goal, { recursive: true, verbatimSymlinks: true });
      continue;
    }
    const files = context.filter((path) => path === source || path.startsWith(`${source}/`));
    if (files.length === 0) throw new Error(`COPY ${source}: the build does not get this file (.dockerignore)`);
    for (const file of files) {
      const isItself = file === source;
      const path = isItself
        ? isFolder
          ? join(goal, basename(file))
          : goal
        : join(goal, file.slice(source.length + 1));
      await mkdir(dirname(path), { recursive: true });
      await copyFile(join(ROOT, file), path);
      await chmod(path, (await stat(join(ROOT, file))).mode & 0o777);
    }
  }
}

/** The command that runs another one in an image, as its user or another (`name` or `1000:1000`), in its folder. */
export function inside(
  { root, user, workdir }: Image,
  command: string[],
  as: string[] = userFlags(root, user),
): string[] {
  return ['chroot', root, 'setpriv', ...as, '--', 'sh', '-c', `cd ${workdir} && exec "$@"`, 'sh', ...command];
}

export function userFlags(root: string, user: string): string[] {
  const ids = (name: string) => run(['chroot', root, 'sh', '-c', `echo $(id -u ${name}):$(id -g ${name})`]).trim();
  const [uid = '', gid = ''] = (/^\d/.test(user) ? user : ids(user)).split(':');
  return ['--reuid', uid, '--regid', gid, '--clear-groups'];
}
