import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../process.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'gateway-start-'));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const start = (env: Record<string, string> = {}) => startProcess({ DATA_DIR: dataDir, ...env });

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
