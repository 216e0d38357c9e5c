import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayProcess, runCommand, startProcess } from '../process.ts';

// What becomes of the data folder: killed and started again, wanted by two at once, backed up and restored.

/** How long an answered request may wait for the disk, and much more for a busy machine: see docs/deploy.md. */
const FLUSHED_MS = 1500;

const home = await mkdtemp(join(tmpdir(), 'gateway-data-'));
const dataDir = join(home, 'data');
let gateway: GatewayProcess;
let key = '';

beforeAll(async () => {
  gateway = await startProcess({ DATA_DIR: dataDir });
  key = gateway.key ?? '';
}, 30_000);
afterAll(async () => {
  await gateway.kill();
  await rm(home, { recursive: true, force: true });
});

const ask = (url: string, content = 'hello', fields: Record<string, unknown> = {}) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }], ...fields }),
  });

function read<T>(folder: string, sql: string): T[] {
  const db = new Database(join(folder, 'gateway.db'), { readwrite: true, create: false });
  try {
    return db.query<T, []>(sql).all();
  } finally {
    db.close();
  }
}

const storedIds = (folder: string) => read<{ id: string }>(folder, 'select id from requests').map(({ id }) => id);

test('a gateway that is killed in the middle of its work has lost no request but those of the last moment', async () => {
  const answered: { id: string; at: number }[] = [];
  const unfinished = new AbortController();
  const endless = await ask(gateway.url, '[[sim:chunks=500]] [[sim:gap=50]] go on', { stream: true });
  void endless.body?.pipeTo(new WritableStream(), { signal: unfinished.signal }).catch(() => {});
  const until = performance.now() + FLUSHED_MS + 1000;
  for (let at = 0; performance.now() < until; at++) {
    const response = await ask(gateway.url, `question ${at}`);
    await response.text();
    answered.push({ id: response.headers.get('x-gateway-request-id') ?? '', at: performance.now() });
  }
  await gateway.kill();
  const killedAt = performance.now();
  unfinished.abort();

  gateway = await startProcess({ DATA_DIR: dataDir });
  const stored = new Set(storedIds(dataDir));
  const owed = answered.filter(({ at }) => at < killedAt - FLUSHED_MS);
  expect(owed.length).toBeGreaterThan(5);
  expect(owed.filter(({ id }) => !stored.has(id))).toEqual([]);
  expect(read(dataDir, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const orphans = 'select count(*) as n from attempts where request_id not in (select id from requests)';
  expect(read(dataDir, orphans)).toEqual([{ n: 0 }]);
  expect([gateway.key, (await ask(gateway.url)).status]).toEqual([undefined, 200]);
}, 60_000);

test('a second gateway on the same folder refuses, and the first goes on', async () => {
  const second = startProcess({ DATA_DIR: dataDir });
  await expect(second).rejects.toThrow(/Cannot start: another gateway is using the data folder/);
  expect((await ask(gateway.url)).status).toBe(200);
}, 30_000);

test('commands run beside the gateway', async () => {
  const update = ['bun', 'run', 'registry:update', '--from', 'registry/models.json', '--dry-run'];
  expect(await runCommand(update, { DATA_DIR: dataDir })).toMatchObject({ code: 0 });
  expect((await ask(gateway.url)).status).toBe(200);
}, 30_000);

test('a backup is made while the gateway works, and a gateway on the backup knows the same keys and requests', async () => {
  const copy = join(home, 'copy');
  const first = (await ask(gateway.url)).headers.get('x-gateway-request-id') ?? '';
  while (!storedIds(dataDir).includes(first)) await Bun.sleep(20);
  const before = storedIds(dataDir);
  const [backup] = await Promise.all([
    runCommand(['bun', 'run', 'backup', copy], { DATA_DIR: dataDir }),
    ...Array.from({ length: 20 }, (_, at) => ask(gateway.url, `meanwhile ${at}`)),
  ]);
  expect([backup.code, backup.output]).toEqual([0, expect.stringContaining('gateway.db, master.key')]);

  const restored = await startProcess({ DATA_DIR: copy });
  expect([restored.key, (await ask(restored.url)).status]).toEqual([undefined, 200]);
  expect(await restored.stop()).toBe(0);
  const there = new Set(storedIds(copy));
  expect(before.filter((id) => !there.has(id))).toEqual([]);

  const again = await runCommand(['bun', 'run', 'backup', copy], { DATA_DIR: dataDir });
  expect([again.code, again.output]).toEqual([1, expect.stringContaining('is there already')]);
}, 60_000);
