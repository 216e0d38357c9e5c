import { beforeEach, expect, test } from 'bun:test';
import { type Account, createAuditLog } from '../accounts/index.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { listAudit } from '../db/queries/audit.ts';
import { Secret } from '../lib/secret.ts';
import { createKey } from '../lib/secret-box.ts';
import { createVault } from '../vault/index.ts';
import { type Changes, createChanges } from './changes.ts';
import { createOverrides } from './overrides.ts';
import { createOwnServers } from './own-servers.ts';

const now = () => Date.UTC(2030, 0, 1);
const ADMIN: Account = { id: 'ada', email: 'ada@example.com', name: 'Ada', role: 'admin', address: '192.0.2.7' };
const MODEL = { provider: 'openai', id: 'small' };
const SERVER = {
  ...{ id: 'attic', label: 'Attic', baseUrl: 'http://127.0.0.1:9/v1' },
  models: [{ id: 'llama', contextWindow: 8000 }],
};

let db: Db;
let vault: ReturnType<typeof createVault>;
let changes: Changes;
beforeEach(() => {
  db = openDatabase(':memory:');
  vault = createVault({ db, masterKey: createKey(new Uint8Array(32).fill(9)), now });
  changes = createChanges({
    audit: createAuditLog({ db, now }),
    catalogue: {
      start: async () => ({ finished: new Promise(() => {}) }),
      pin: async () => {},
      unpin: async () => {},
    },
    overrides: createOverrides({ db, now, onChange: () => {} }),
    ownServers: createOwnServers({ db, now, taken: ['openai'], onChange: () => {} }),
    vault,
    providerDesk: {
      tryKey: async (id) => (id === 'none' ? null : { result: 'works', status: 200, durationMs: 5, models: 1 }),
    },
  });
});

const keyId = () => vault.list()[0]?.id ?? '';
const addKey = (account: Account) =>
  changes.addKey(account, { provider: 'openai', name: 'main', key: new Secret('sk-secret') });

const ACTS: [action: string, before: (() => Promise<unknown>)[], act: (account: Account) => Promise<unknown>][] = [
  ['catalogue.update', [], (account) => changes.startUpdate(account)],
  ['catalogue.approve', [], (account) => changes.startUpdate(account, { approve: ['openai/small'] })],
  ['catalogue.approve', [], (account) => changes.startUpdate(account, { approveRuns: ['openai'] })],
  ['catalogue.pin', [], (account) => changes.pin(account, ['openai/small'])],
  ['catalogue.unpin', [], (account) => changes.unpin(account, ['openai/small'])],
  ['catalogue.override', [], (account) => changes.setOverride(account, MODEL, { quality: 70 })],
  [
    'catalogue.clear-override',
    [() => changes.setOverride(ADMIN, MODEL, { quality: 70 })],
    (account) => changes.clearOverride(account, MODEL),
  ],
  ['provider-key.add', [], addKey],
  ['provider-key.change', [() => addKey(ADMIN)], (account) => changes.changeWeight(account, keyId(), 3)],
  ['provider-key.test', [() => addKey(ADMIN)], (account) => changes.tryKey(account, keyId())],
  ['provider-key.revoke', [() => addKey(ADMIN)], (account) => changes.revokeKey(account, keyId())],
  ['server.add', [], (account) => changes.addServer(account, SERVER, new Secret('sk-secret'))],
  [
    'server.change',
    [() => changes.addServer(ADMIN, SERVER, null)],
    (account) => changes.changeServer(account, { ...SERVER, label: 'Loft' }),
  ],
  [
    'server.remove',
    [() => changes.addServer(ADMIN, SERVER, new Secret('sk-secret'))],
    (account) => changes.removeServer(account, 'attic'),
  ],
];

test.each(ACTS)('%s is for admins, and written down with who and from where', async (action, before, act) => {
  for (const prepare of before) await prepare();
  const known = (await listAudit(db, {}, 100)).length;
  for (const role of ['member', 'viewer'] as const) {
    await expect(act({ ...ADMIN, role })).rejects.toMatchObject({ code: 'forbidden' });
  }
  expect(await listAudit(db, {}, 100)).toHaveLength(known);
  await act(ADMIN);
  const rows = await listAudit(db, {}, 100);
  expect(rows.find((row) => row.action === action)).toMatchObject({ actorId: 'ada', address: '192.0.2.7' });
  expect(JSON.stringify(rows)).not.toContain('sk-secret');
});

test('what was not done is not written down', async () => {
  expect(await changes.revokeKey(ADMIN, 'none')).toBe(false);
  expect(await changes.changeWeight(ADMIN, 'none', 2)).toBe(false);
  expect(await changes.tryKey(ADMIN, 'none')).toBeNull();
  expect(await changes.removeServer(ADMIN, 'none')).toBe(false);
  await changes.clearOverride(ADMIN, MODEL);
  await expect(changes.changeServer(ADMIN, SERVER)).rejects.toMatchObject({ code: 'not_found' });
  await expect(changes.setOverride(ADMIN, MODEL, {})).rejects.toMatchObject({ code: 'invalid_request' });
  expect(await listAudit(db, {}, 100)).toEqual([]);
});

test('a server whose key cannot be kept is not kept either', async () => {
  await expect(changes.addServer(ADMIN, SERVER, new Secret('two words'))).rejects.toMatchObject({ param: 'key' });
  expect((await changes.addServer(ADMIN, SERVER, null)).id).toBe('attic');
});
