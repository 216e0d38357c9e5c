import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComposeService } from './compose.ts';
import { type Image, inside, run, userFlags } from './image.ts';

/** Processes that run in one image as Compose would run them, as far as the kernel is concerned. */
export interface Container {
  /** The service's own command. */
  start: () => Main;
  /** Runs a command to its end, like `docker-compose exec`. */
  exec: (command: string[]) => Promise<{ code: number; output: string }>;
  /** Waits until the image's own health check is content. Throws what the service said if it is not in time. */
  waitUntilHealthy: (main: Main) => Promise<void>;
}

export interface Main {
  child: Bun.Subprocess;
  output: () => string;
}

const PATIENCE_MS = 30_000;

/** Prepares an image for a service: read-only but for its tmpfs, its folders from `volumes`, its user and its capabilities. */
export async function prepare(
  image: Image,
  service: ComposeService,
  volumes: Record<string, string>,
): Promise<Container> {
  for (const folder of service.tmpfs) run(['mount', '-t', 'tmpfs', 'tmpfs', join(image.root, folder)]);
  for (const [host, path] of Object.entries(volumes)) {
    await mkdir(join(image.root, path), { recursive: true });
    run(['mount', '--bind', host, join(image.root, path)]);
  }
  if (service.read_only) run(['mount', '-o', 'remount,ro,bind', image.root]);

  if (!service.cap_drop.includes('ALL')) throw new Error('Only services that drop all capabilities are run here.');
  const kept = ['-all', ...service.cap_add.map((name) => `+${name.toLowerCase()}`)].join(',');
  const rights = ['--inh-caps=-all', `--bounding-set=${kept}`];
  if (service.security_opt.includes('no-new-privileges:true')) rights.push('--no-new-privs');
  const flags = [...userFlags(image.root, service.user ?? image.user), ...rights];
  const env = { HOME: '/', ...image.env, ...service.environment };

  function spawn(command: string[]): Main {
    const child = Bun.spawn(inside(image, command, flags), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = async (stream: ReadableStream<Uint8Array>) => {
      const decoder = new TextDecoder();
      for await (const chunk of stream) output += decoder.decode(chunk);
    };
    void collect(child.stdout);
    void collect(child.stderr);
    return { child, output: () => output };
  }

  async function exec(command: string[]) {
    const { child, output } = spawn(command);
    const code = await child.exited;
    await Bun.sleep(20);
    return { code, output: output() };
  }

  async function waitUntilHealthy(main: Main): Promise<void> {
    for (const startedAt = performance.now(); performance.now() - startedAt < PATIENCE_MS; await Bun.sleep(200)) {
      if (main.child.exitCode !== null) break;
      if ((await exec(image.healthcheck)).code === 0) return;
    }
    throw new Error(`${image.name} did not become healthy:\n${main.output()}`);
  }

  return { start: () => spawn([...image.entrypoint, ...image.cmd]), exec, waitUntilHealthy };
}
