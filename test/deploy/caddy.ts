import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../..');
const CADDY = Bun.which('caddy', { PATH: `${process.env.PATH}:/usr/bin:/usr/local/bin` });

/** False, with a printed reason, where Caddy is not installed; in continuous integration that is a failure instead. */
export function hasCaddy(): boolean {
  if (CADDY) return true;
  if (process.env.CI === 'true') throw new Error('Caddy is not installed; .ci/run should have brought it.');
  console.log('Skipped: tests of the frontend need Caddy, which is not installed (apt-get install caddy).');
  return false;
}

export function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = server;
  server.stop(true);
  return port ?? 0;
}

export interface Frontend {
  url: string;
  port: number;
  /** Ends it, and gives what it logged. */
  stop: () => Promise<string>;
}

/** The frontend as in its container: the same Caddyfile, and the files the same command has written. */
export async function startFrontend(backend: string, env: Record<string, string> = {}): Promise<Frontend> {
  const home = await mkdtemp(join(tmpdir(), 'gateway-frontend-'));
  const assets = join(home, 'assets');
  const written = Bun.spawnSync([process.execPath, 'src/cli/write-assets.ts', assets], { cwd: ROOT });
  if (!written.success) throw new Error(written.stderr.toString());

  const [port, healthPort] = [freePort(), freePort()];
  return await runCaddy(join(ROOT, 'deploy/Caddyfile'), {
    home,
    port,
    healthPort,
    env: {
      FRONTEND_PORT: String(port),
      HEALTH_PORT: String(healthPort),
      BACKEND: backend.replace('http://', ''),
      ASSETS_ROOT: assets,
      ...env,
    },
  });
}

interface CaddyOptions {
  home: string;
  port: number;
  /** Answers as soon as Caddy serves. */
  healthPort: number;
  env: Record<string, string>;
}

/** Caddy with that Caddyfile, once it answers. Throws what it said if it ends. */
export async function runCaddy(file: string, { home, port, healthPort, env }: CaddyOptions): Promise<Frontend> {
  const child = Bun.spawn([CADDY ?? 'caddy', 'run', '--config', file, '--adapter', 'caddyfile'], {
    env: { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const said = new Response(child.stderr).text();
  while (!(await fetch(`http://127.0.0.1:${healthPort}`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error(`Caddy did not start: ${await said}`);
    await Bun.sleep(20);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async stop() {
      child.kill('SIGKILL');
      await child.exited;
      await rm(home, { recursive: true, force: true });
      return await said;
    },
  };
}
