import { describe, expect, test } from 'bun:test';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageManager } from '../../package.json' with { type: 'json' };
import { loadConfig, SETTING_NAMES } from '../../src/config.ts';
import { readCompose } from './compose.ts';
import { listContext, parseDockerfile, readPairs } from './dockerfile.ts';

// What linters ask of a Dockerfile and a compose file, and what the two have to say alike. No engine is needed.

const ROOT = join(import.meta.dir, '../..');
const read = (path: string) => Bun.file(join(ROOT, path)).text();
const stages = parseDockerfile(await read('Dockerfile'));
const services = await readCompose();
const images = stages.filter(({ name }) => Object.values(services).some(({ build }) => build.target === name));
const context = await listContext(ROOT);

describe('the Dockerfile', () => {
  const instructions = stages.flatMap((stage) => stage.instructions.map((one) => ({ stage: stage.name, ...one })));
  const named = (name: string) => instructions.filter((one) => one.name === name);

  test('has the three stages, on bases whose version is pinned', () => {
    expect(stages.map(({ name }) => name)).toEqual(['dependencies', 'backend', 'frontend']);
    for (const { base } of stages) expect(base).toMatch(/^[a-z/]+:\d+\.\d+\.\d+-[a-z]+$/);
    const bun = packageManager.replace('@', ':');
    expect(stages.filter(({ base }) => base === `oven/${bun}-slim`).length).toBe(2);
  });

  test('ends every image as an ordinary user, with a health check and a command, each without a shell', () => {
    for (const { name, instructions } of images) {
      const last = (which: string) => instructions.findLast((one) => one.name === which);
      expect([name, last('USER')?.text]).toEqual([name, expect.stringMatching(/^(bun|[1-9]\d*:[1-9]\d*)$/)]);
      for (const which of ['HEALTHCHECK', 'CMD'])
        expect([name, which, last(which)?.exec?.length]).not.toContain(undefined);
      const { interval, timeout, retries } = last('HEALTHCHECK')?.flags ?? {};
      expect([interval, timeout, retries]).not.toContain(undefined);
    }
    for (const one of named('ENTRYPOINT')) expect(one.exec).not.toBeNull();
  });

  test('fetches nothing from elsewhere, leaves no package lists, and changes folder by name', () => {
    expect(instructions.filter(({ name }) => ['ADD', 'ARG', 'MAINTAINER', 'VOLUME', 'ONBUILD'].includes(name))).toEqual(
      [],
    );
    for (const { text } of named('RUN')) {
      expect(text).not.toMatch(/\b(sudo|curl|wget|cd)\b|chmod .*777/);
      if (/apt-get install/.test(text)) expect(text).toMatch(/--no-install-recommends.*rm -rf \/var\/lib\/apt\/lists/);
      if (/apk add/.test(text)) expect(text).toContain('--no-cache');
    }
    for (const { text } of named('WORKDIR')) expect(text).toStartWith('/');
  });

  test('holds no secret, and only settings that there are', () => {
    const variables = named('ENV').flatMap(({ text }) => readPairs(text).map(([name]) => name));
    expect(variables.filter((name) => /KEY|TOKEN|SECRET|PASSWORD/.test(name))).toEqual([]);
    const foreign = ['NODE_ENV', 'BUN_CONFIG_MAX_HTTP_REQUESTS', 'HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'];
    expect(variables.filter((name) => !SETTING_NAMES.includes(name) && !foreign.includes(name))).toEqual([]);
  });

  test('gives no file to the user who runs it, but for the folders it writes to', () => {
    for (const { flags } of named('COPY')) expect(flags.chown).toBeUndefined();
    const owned = named('RUN').flatMap(({ text }) => [...text.matchAll(/chown \S+ (\S+)/g)].map((match) => match[1]));
    expect(owned).toEqual(['data', '/state']);
  });

  test('is given every file it copies, and nothing else: no secret, no database, no test', () => {
    const sources = named('COPY')
      .filter(({ flags }) => flags.from === undefined)
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));
    const isCopied = (path: string) => sources.some((source) => path === source || path.startsWith(`${source}/`));
    for (const source of sources)
      expect(context.some((path) => path === source || path.startsWith(`${source}/`))).toBe(true);
    expect(context.filter((path) => !isCopied(path) && !path.startsWith('deploy/'))).toEqual([]);
    expect(context.filter((path) => /\.env|\.db|master\.key|\.test\.|^data\/|node_modules|\.git\//.test(path))).toEqual(
      [],
    );
    expect(context).toContain('src/main.ts');
  });
});

describe('docker-compose.yml', () => {
  const { backend, frontend } = services;

  test('has exactly the two services, each built from its stage', () => {
    expect(Object.entries(services).map(([name, { build }]) => [name, build.target])).toEqual([
      ['backend', 'backend'],
      ['frontend', 'frontend'],
    ]);
  });

  test('publishes port 3000 of the frontend and nothing of the backend', () => {
    expect([frontend?.ports, backend?.ports, backend?.expose]).toEqual([['3000:3000'], [], ['8000']]);
    expect(frontend?.environment.BACKEND).toBe('backend:8000');
    expect(frontend?.depends_on).toEqual({ backend: { condition: 'service_healthy' } });
  });

  test('hardens both', () => {
    for (const service of Object.values(services)) {
      expect(service.read_only).toBe(true);
      expect(service.tmpfs).toEqual(['/tmp']);
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect(service.restart).toBe('unless-stopped');
      expect(service.logging.options).toMatchObject({ 'max-size': expect.any(String), 'max-file': expect.any(String) });
      expect(service.volumes.some((volume) => volume.includes('docker.sock'))).toBe(false);
    }
    // What it takes to give ./data away and to become its owner, and to start Caddy's file; nothing of this is left after.
    expect([backend?.cap_add, frontend?.cap_add]).toEqual([['CHOWN', 'SETGID', 'SETUID'], ['NET_BIND_SERVICE']]);
    // The backend is root only for `as-owner`, which the image starts everything with.
    const entrypoint = stages
      .find(({ name }) => name === 'backend')
      ?.instructions.find(({ name }) => name === 'ENTRYPOINT');
    expect([backend?.user, frontend?.user, entrypoint?.exec]).toEqual(['0:0', undefined, ['as-owner']]);
  });

  test('keeps the data folder on the host, and needs no .env', () => {
    expect(backend?.volumes).toEqual(['./data:/app/data']);
    expect(frontend?.volumes).toEqual([]);
    expect(backend?.env_file).toEqual([{ path: '.env', required: false }]);
  });

  test('gives the backend settings that it takes, and more time to stop than it needs', () => {
    const environment = backend?.environment ?? {};
    const unknown = Object.keys(environment).filter((name) => !SETTING_NAMES.includes(name));
    expect(unknown).toEqual(['BUN_CONFIG_MAX_HTTP_REQUESTS']);
    const config = loadConfig(environment);
    expect(config).toMatchObject({ port: 8000, host: '0.0.0.0', dataDir: '/app/data', publishedPort: 3000 });
    expect([config.isTrustedProxy('172.18.0.3'), config.isTrustedProxy('203.0.113.9')]).toEqual([true, false]);
    for (const service of Object.values(services))
      expect(Number.parseInt(service.stop_grace_period, 10) * 1000).toBeGreaterThan(config.shutdownMs + 5000);
  });

  test('takes another port and an outer proxy from the environment', async () => {
    const changed = await readCompose({ FRONTEND_PORT: '8080', OUTER_PROXIES: '198.51.100.0/24 203.0.113.7' });
    expect(changed.frontend?.ports).toEqual(['8080:3000']);
    expect(changed.frontend?.environment.OUTER_PROXIES).toBe('198.51.100.0/24 203.0.113.7');
    const config = loadConfig(changed.backend?.environment ?? {});
    expect([config.publishedPort, config.isTrustedProxy('198.51.100.9')]).toEqual([8080, true]);
  });
});

interface Compose {
  command: string[];
  major: number;
}

/** The newest Compose on this machine: the plugin of the docker client, or a program of its own. */
function findCompose(): Compose | null {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    if (!Bun.which(command[0] ?? '')) continue;
    const said = Bun.spawnSync([...command, 'version', '--short'], { stderr: 'ignore' });
    const major = Number.parseInt(said.stdout.toString().replace(/^v/, ''), 10);
    if (said.success && major > 0) return { command, major };
  }
  return null;
}

const compose = findCompose();
if (!compose)
  console.log('Skipped: docker-compose is not installed, so only our own checks look at docker-compose.yml.');

test.if(compose !== null)(
  'docker-compose accepts the files',
  async () => {
    if (!compose) return;
    const folder = await mkdtemp(join(tmpdir(), 'gateway-compose-'));
    for (const name of ['Dockerfile', 'deploy']) await symlink(join(ROOT, name), join(folder, name));
    let text = await read('docker-compose.yml');
    if (compose.major < 2) {
      // Compose 1 has no word for a file that may be absent; everything else in our file it understands.
      console.log(
        'Compose 1 is installed: it is asked about the file without `required: false`, which needs Compose 2.24.',
      );
      text = text.replace('[{ path: .env, required: false }]', '.env');
      await Bun.write(join(folder, '.env'), '');
    }
    await Bun.write(join(folder, 'docker-compose.yml'), text);
    const ask = (flags: string[]) =>
      Bun.spawnSync([...compose.command, ...flags, 'config'], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, DOMAIN: 'gateway.example.com' },
      });
    const [plain, open] = [ask([]), ask(['-f', 'docker-compose.yml', '-f', 'deploy/docker-compose.public.yml'])];
    await rm(folder, { recursive: true, force: true });
    expect([plain.exitCode, plain.exitCode === 0 ? '' : plain.stderr.toString()]).toEqual([0, '']);
    expect([open.exitCode, open.exitCode === 0 ? '' : open.stderr.toString()]).toEqual([0, '']);
    const understood = parse(plain.stdout.toString()).services;
    expect(Object.keys(understood).sort()).toEqual(['backend', 'frontend']);
    expect(understood.backend.read_only).toBe(true);
    expect(parse(open.stdout.toString()).services.frontend.environment.DOMAIN).toBe('gateway.example.com');
  },
  30_000,
);
