import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCompose } from './compose.ts';
import { prepare } from './container.ts';
import { buildImages, type Image, run } from './image.ts';
import { whatIsMissing } from './try-needs.ts';
import { tryServices } from './try-services.ts';

/**
 * `bun run deploy:try`: builds both images from the Dockerfile and runs both services from docker-compose.yml without a
 * container engine, on a bare Debian, and uses them. Needs root and Debian's debootstrap and caddy.
 */

/** The bare Debian is fetched once. */
const DEBIAN = '/var/tmp/llm-gateway-try/debian';
const SCRIPT = import.meta.path;

const [phase, work = '', images = ''] = process.argv.slice(2);
if (phase === 'build') await build();
else if (phase === 'run') await use(JSON.parse(images), work);
else await enter();

/** Into namespaces of our own, so that nothing of this reaches the machine and everything is gone at the end. */
async function enter(): Promise<void> {
  const missing = whatIsMissing();
  if (missing !== null) {
    console.error(`error: ${missing}`);
    process.exit(1);
  }
  const command = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', process.execPath, SCRIPT];
  const home = await mkdtemp(join(tmpdir(), 'gateway-try-'));
  const status = await Bun.spawn([...command, 'build', home], { stdio: ['ignore', 'inherit', 'inherit'] }).exited;
  await rm(home, { recursive: true, force: true });
  process.exit(status);
}

async function build(): Promise<void> {
  await bringDebian();
  // Where the machine is a container itself, only a file system in memory can be written through an overlay.
  run(['mount', '-t', 'tmpfs', '-o', 'size=3g', 'tmpfs', work]);
  const built = await buildImages(work, DEBIAN);
  for (const { name, layer } of built)
    console.log(`${name} adds ${run(['du', '-sm', layer]).split('\t')[0]} MB to its base`);
  const inner = ['unshare', '--net', process.execPath, SCRIPT, 'run', work, JSON.stringify(built)];
  process.exit(await Bun.spawn(inner, { stdio: ['ignore', 'inherit', 'inherit'] }).exited);
}

async function bringDebian(): Promise<void> {
  if (await Bun.file(join(DEBIAN, 'etc/debian_version')).exists()) return;
  console.log('Fetching a bare Debian, once');
  const draft = `${DEBIAN}.unfinished`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  run(['debootstrap', '--variant=minbase', '--include=busybox', 'bookworm', draft, 'http://deb.debian.org/debian']);
  run(['mv', draft, DEBIAN]);
}

/** In a network that has nothing but itself, so that the ports are those of the compose file. */
async function use(images: Image[], work: string): Promise<void> {
  run(['ip', 'link', 'set', 'lo', 'up']);
  const services = await readCompose();
  const data = join(work, 'data');
  // As Docker makes the folder of a volume that is not there.
  await mkdir(data);
  await chown(data, 0, 0);
  await chmod(data, 0o755);

  const containers = new Map();
  for (const [name, service] of Object.entries(services)) {
    const image = images.find((one) => one.name === service.build.target);
    if (!image) throw new Error(`The Dockerfile has no stage ${service.build.target}`);
    const volumes = service.volumes.map((volume) => volume.split(':')).map(([, path = '']) => [data, path]);
    containers.set(name, await prepare(image, service, Object.fromEntries(volumes)));
  }
  await tryServices({ backend: containers.get('backend'), frontend: containers.get('frontend'), data });
  console.log(`\n./data holds ${(await readdir(data)).join(', ')}; it belongs to user ${(await stat(data)).uid}`);
}
