import { beforeEach, expect, test } from 'bun:test';
import { type Db, openDatabase } from '../db/client.ts';
import { listAllKeys } from '../db/queries/gateway-keys.ts';
import { insertUser } from '../db/queries/users.ts';
import { createKey, createKeyedHash } from '../lib/secret-box.ts';
import { createKeys } from './keys.ts';
import type { Account } from './permissions.ts';
import { createUserLimits } from './user-limits.ts';

const hash = createKeyedHash(createKey(new Uint8Array(32)));
let db: Db;
let seenByAuth: string[][];
const keys = () =>
  createKeys({
    ...{ db, hash, now: () => 1000, defaultRequestsPerMinute: () => 3000 },
    onChange: async () => void seenByAuth.push((await listAllKeys(db)).map((row) => `${row.name} ${row.revokedAt}`)),
  });

const person = (role: Account['role'], id: string = role): Account => ({
  id,
  email: `${id}@example.com`,
  name: id,
  role,
});
const [admin, member, viewer] = [person('admin'), person('member'), person('viewer')];

beforeEach(async () => {
  db = openDatabase(':memory:');
  seenByAuth = [];
  for (const one of [admin, member, viewer]) {
    await insertUser(db, { ...one, passwordHash: 'x', sessionVersion: 1, createdAt: 0, disabledAt: null });
  }
});

test('a new key is told once, kept as a hash, and known to auth before it is told', async () => {
  const { key, row } = await keys().mint(admin, { name: ' app ', strategy: 'cost', fallbackModels: ['a/b'] });
  expect(key).toMatch(/^gw-[\w-]{43}$/);
  expect(row).toEqual({
    ...{ id: row.id, userId: 'admin', name: 'app', prefix: key.slice(0, 9), strategy: 'cost', fallbackModels: ['a/b'] },
    ...{ limits: {}, createdAt: 1000, expiresAt: null, revokedAt: null, lastUsedAt: null },
    ...{ previousUntil: null, storesBodies: false, policy: null },
  });
  expect(await listAllKeys(db)).toEqual([{ ...row, hash: hash(key), previousHash: null }]);
  expect(seenByAuth).toEqual([['app null']]);
  expect(JSON.stringify(await keys().list(admin))).not.toContain(hash(key));
});

test('admins and viewers see all keys, members their own', async () => {
  await keys().create({ name: 'ours', userId: null });
  await keys().mint(member, { name: 'theirs' });
  const names = async (account: Account) => (await keys().list(account)).map((row) => row.name).sort();
  expect(await names(admin)).toEqual(['ours', 'theirs']);
  expect(await names(viewer)).toEqual(['ours', 'theirs']);
  expect(await names(member)).toEqual(['theirs']);
});

test('members revoke their own keys, admins any, viewers none; auth hears of it', async () => {
  const service = keys();
  const { row: ours } = await service.mint(admin, { name: 'ours' });
  const { row: theirs } = await service.mint(member, { name: 'theirs' });
  expect(await service.revoke(member, ours.id)).toBe(false);
  await expect(service.revoke(viewer, ours.id)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await service.revoke(member, theirs.id)).toBe(true);
  expect(await service.revoke(admin, theirs.id)).toBe(false);
  expect(await service.revoke(admin, ours.id)).toBe(true);
  expect(seenByAuth.at(-1)?.sort()).toEqual(['ours 1000', 'theirs 1000']);
});

test('a key can do no more than the person who made it', async () => {
  await expect(keys().mint(viewer, { name: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(keys().mint(member, { name: 'x', limits: { requestsPerMinute: 0 } })).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect((await keys().mint(admin, { name: 'x', limits: { requestsPerMinute: 0 } })).row.limits).toEqual({
    requestsPerMinute: 0,
  });
});

test.each([
  ['name', 'no name', { name: ' ' }],
  ['name', 'an endless name', { name: 'x'.repeat(101) }],
  ['strategy', 'an unknown strategy', { name: 'x', strategy: 'best' as 'cost' }],
  ['expiresAt', 'an expiry in the past', { name: 'x', expiresAt: 1000 }],
  ['expiresAt', 'an expiry beyond time', { name: 'x', expiresAt: 1e300 }],
  ['limits.requestsPerMinute', 'a limit below nothing', { name: 'x', limits: { requestsPerMinute: -1 } }],
  ['limits.requestsPerMinute', 'half a request', { name: 'x', limits: { requestsPerMinute: 1.5 } }],
  ['limits.dailyBudget', 'a limit with a typing mistake', { name: 'x', limits: { dailyBudget: 5 } }],
  ['requestsPerMinute', 'a field there is not', { name: 'x', requestsPerMinute: 5 }],
  ['limits.allowedModels', 'an empty list of models', { name: 'x', limits: { allowedModels: [] } }],
  [
    'strategy',
    'a strategy the key may not use',
    { name: 'x', strategy: 'cost', limits: { allowedStrategies: ['speed'] } },
  ],
  ['fallbackModels[1]', 'a model without a name', { name: 'x', fallbackModels: ['a', ' '] }],
  ['fallbackModels', 'too many models', { name: 'x', fallbackModels: Array(11).fill('a') }],
])('%s: %s is refused', async (param, _, request) => {
  await expect(keys().mint(admin, request)).rejects.toMatchObject({ code: 'invalid_request', param });
  expect(await listAllKeys(db)).toEqual([]);
});

test('a key and a person are refused a model nobody knows, and keep one that has gone', async () => {
  const known = new Set(['small', 'old']);
  const strict = createKeys({ db, hash, now: () => 1000, isModel: (name) => known.has(name) });
  const wrong = { code: 'invalid_request', param: 'limits.allowedModels', facts: { model: 'smal' } };
  await expect(strict.mint(admin, { name: 'app', limits: { allowedModels: ['smal'] } })).rejects.toMatchObject(wrong);
  const stray = strict.mint(admin, { name: 'app', fallbackModels: ['small', 'smal'] });
  await expect(stray).rejects.toMatchObject({ ...wrong, param: 'fallbackModels' });
  const { row } = await strict.mint(admin, { name: 'app', limits: { allowedModels: ['small', 'old'] } });
  known.delete('old');
  await strict.change(admin, row.id, { name: 'renamed', limits: { requestsPerMinute: 5 } });
  const attempt = strict.change(admin, row.id, { policy: { deniedModels: ['larg'] } });
  await expect(attempt).rejects.toMatchObject({ param: 'policy.deniedModels' });
  expect(await strict.find(admin, row.id)).toMatchObject({ name: 'renamed', policy: null });

  const people = createUserLimits({ db, isModel: (name) => known.has(name) });
  await expect(people.change(admin, 'member', { allowedModels: ['smal'] })).rejects.toMatchObject(wrong);
  expect(await people.change(admin, 'member', { allowedModels: ['small'] })).toEqual({ allowedModels: ['small'] });
});
