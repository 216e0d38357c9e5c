import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTING_NAMES } from '../../src/config.ts';

const ROOT = join(import.meta.dir, '../..');
const dataDir = await mkdtemp(join(tmpdir(), 'gateway-start-'));
const children: Bun.Subprocess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** Empty means the default, and keeps an `.env` of whoever runs the tests, with real keys in it, out of them. */
const NO_SETTINGS = Object.fromEntries(SETTING_NAMES.map((name) => [name, '']));
const BASICS = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

interface Started {
  url: string;
  key: string | undefined;
  setupUrl: string | undefined;
  output: () => string;
  stop: () => Promise<number>;
}

/** Starts the gateway as the README says, with nothing but a data folder of its own. */
async function start(env: Record<string, string> = {}): Promise<Started> {
  const child = Bun.spawn(['bin/start'], {
    cwd: ROOT,
    env: { ...NO_SETTINGS, ...BASICS, DATA_DIR: dataDir, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) output += decoder.decode(chunk);
  };
  void collect(child.stdout);
  void collect(child.stderr);
  while (!/Providers\s+\S/.test(output)) {
    if (child.exitCode !== null) throw new Error(`it did not start: ${output}`);
    await Bun.sleep(20);
  }
  return {
    url: /serves at (\S+)/.exec(output)?.[1] ?? '',
    key: /First key\s+(\S+)/.exec(output)?.[1],
    setupUrl: /Setup\s+(\S+)/.exec(output)?.[1],
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      return await child.exited;
    },
  };
}

const ask = (url: string, key: string, body: Record<string, unknown> = {}) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'hello' }], ...body }),
  });

let firstKey = '';

test('one command from an empty folder gives a URL, a setup link, a key and an answer', async () => {
  const gateway = await start();
  expect(gateway.key).toMatch(/^gw-[A-Za-z0-9_-]{43}$/);
  expect(gateway.setupUrl).toStartWith(`${gateway.url}/setup?token=`);
  expect((await fetch(gateway.setupUrl ?? '')).status).toBe(200);
  firstKey = gateway.key ?? '';
  const response = await ask(gateway.url, firstKey);
  expect([response.status, response.headers.get('x-gateway-simulated')]).toEqual([200, 'true']);
  expect(await response.text()).toContain('simulated');
  expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  expect(await gateway.stop()).toBe(0);
}, 30_000);

test('a second start keeps the key and does not show it again', async () => {
  const gateway = await start();
  expect(gateway.key).toBeUndefined();
  expect((await ask(gateway.url, firstKey)).status).toBe(200);
  const usage = await fetch(`${gateway.url}/v1/usage`, { headers: { authorization: `Bearer ${firstKey}` } });
  expect(await usage.json()).toMatchObject({ today: { requests: 2 } });
  await gateway.stop();
}, 30_000);

test('a stream that is under way when the gateway is stopped is told to its end', async () => {
  const gateway = await start();
  const content = '[[sim:chunks=12]] [[sim:gap=40]] tell me a story';
  const response = await ask(gateway.url, firstKey, { stream: true, messages: [{ role: 'user', content }] });
  const stopped = gateway.stop();
  expect(await response.text()).toEndWith('data: [DONE]\n\n');
  expect(await stopped).toBe(0);
}, 30_000);

test('no secret is in the data folder in clear, nor in what was printed', async () => {
  const canary = 'sk-canary-in-the-environment';
  const gateway = await start({ OPENAI_API_KEY: canary, OPENAI_BASE_URL: 'http://127.0.0.1:9' });
  const response = await ask(gateway.url, firstKey, { model: 'gpt-6-luna' });
  expect([response.status, (await response.text()).includes('canary')]).toEqual([502, false]);
  await gateway.stop();
  expect(gateway.output()).not.toContain('canary');
  for (const name of ['gateway.db', 'gateway.db-wal']) {
    const file = Bun.file(join(dataDir, name));
    const bytes = (await file.exists()) ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
    expect([name, bytes.includes('canary'), bytes.includes(firstKey)]).toEqual([name, false, false]);
  }
}, 30_000);

test('wrong settings are all named, and nothing is started', async () => {
  await expect(start({ PORT: 'eighty', SIMULATOR: 'perhaps' })).rejects.toThrow(/PORT[\s\S]*SIMULATOR/);
});
