import { beforeEach, expect, test } from 'bun:test';
import { inspect } from 'node:util';
import { type Db, openDatabase } from '../db/client.ts';
import { providerKeys } from '../db/schema.ts';
import { Secret } from '../lib/secret.ts';
import { createKey } from '../lib/secret-box.ts';
import { createVault, type HeldKey } from './vault.ts';

const CANARY = 'sk-canary-0123456789';
const masterKey = createKey(new Uint8Array(32).fill(1));
let db: Db;
let changes: number;
const vault = (key = masterKey) => createVault({ db, masterKey: key, now: () => 1000, onChange: () => void changes++ });
const key = (text = CANARY) => ({ provider: 'openai', name: ' main ', key: new Secret(text) });
const reveal = (keys: HeldKey[]) => keys.map(({ apiKey }) => apiKey.reveal());

beforeEach(() => {
  db = openDatabase(':memory:');
  changes = 0;
});

test('a key is in use at once, and after a restart', async () => {
  const before = vault();
  const row = await before.add(key());
  expect(row).toEqual({ id: row.id, provider: 'openai', name: 'main', weight: 1, createdAt: 1000 });
  expect(reveal(before.keysOf('openai'))).toEqual([CANARY]);
  expect(before.keysOf('anthropic')).toEqual([]);
  expect(changes).toBe(1);

  const after = vault();
  expect(after.keysOf('openai')).toEqual([]);
  await after.load();
  expect(reveal(after.keysOf('openai'))).toEqual([CANARY]);
});

test('the key is neither in the database, nor in a list, nor in anything printed', async () => {
  const opened = vault();
  await opened.add(key());
  const rows = await db.select().from(providerKeys);
  const shown = [
    inspect(rows),
    JSON.stringify(opened.list()),
    inspect(opened, { depth: 9 }),
    JSON.stringify(opened.keysOf('openai')),
  ];
  expect(shown.join()).not.toContain('canary');
  expect(Buffer.from(rows[0]!.sealed, 'base64').toString('latin1')).not.toContain('canary');
});

test('a revoked key is out of use at once, erased, and stays so', async () => {
  const opened = vault();
  const { id } = await opened.add(key());
  await opened.add({ ...key('sk-second'), name: 'second' });

  expect(await opened.revoke(id)).toBe(true);
  expect(await opened.revoke(id)).toBe(false);
  expect(reveal(opened.keysOf('openai'))).toEqual(['sk-second']);
  expect((await db.select().from(providerKeys)).find((row) => row.id === id)).toMatchObject({
    sealed: '',
    revokedAt: 1000,
  });

  await opened.load();
  expect(opened.list().map((row) => row.name)).toEqual(['second']);
});

test('another master key is refused with the name of its file', async () => {
  await vault().add(key());
  const other = vault(createKey(new Uint8Array(32).fill(2)));
  await expect(other.load()).rejects.toThrow(/master\.key in the data folder is not the key that sealed/);
});

test('a sealed key that was moved to another provider does not open', async () => {
  await vault().add(key());
  await db.update(providerKeys).set({ provider: 'attacker' });
  await expect(vault().load()).rejects.toThrow('was changed in the database');
});

test.each([
  ['nothing', ''],
  ['only spaces', '   '],
  ['two words', 'sk-a sk-b'],
  ['a line break that would add a header', 'sk-a\r\nx-evil: 1'],
  ['a letter no header can carry', 'schlüssel'],
  ['a text longer than any key', 'x'.repeat(4097)],
])('%s is not taken for a key', async (_, text) => {
  await expect(vault().add(key(text))).rejects.toMatchObject({ code: 'invalid_request', param: 'key' });
  expect(await db.select().from(providerKeys)).toEqual([]);
});

test('a key needs a name that fits a table', async () => {
  for (const name of ['', ' ', 'x'.repeat(101)]) {
    await expect(vault().add({ ...key(), name })).rejects.toMatchObject({ code: 'invalid_request', param: 'name' });
  }
});
