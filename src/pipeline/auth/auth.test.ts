import { expect, test } from 'bun:test';
import type { GatewayKey } from '../../db/schema.ts';
import { createAuth } from './index.ts';

const row = (fields: Partial<GatewayKey>): GatewayKey => ({
  id: 'k1',
  userId: null,
  name: 'my program',
  hash: 'hash of gw-good',
  prefix: 'gw-good',
  previousHash: null,
  previousUntil: null,
  storesBodies: false,
  strategy: null,
  fallbackModels: [],
  limits: {},
  policy: null,
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  ...fields,
});

const authWith = (rows: GatewayKey[]) => {
  const auth = createAuth({ hash: (key) => `hash of ${key}`, now: () => 1000 });
  auth.replaceKeys(rows);
  return auth;
};

test('a known key is let in', () => {
  expect(authWith([row({})]).authenticate('gw-good').id).toBe('k1');
});

test.each([
  ['no key', null, {}, 'missing_key'],
  ['an empty key', '', {}, 'missing_key'],
  ['another key', "gw-' OR 1=1 --", {}, 'invalid_key'],
  ['the hash itself', 'hash of gw-good', {}, 'invalid_key'],
  ['a revoked key', 'gw-good', { revokedAt: 5 }, 'key_revoked'],
  ['an expired key', 'gw-good', { expiresAt: 1000 }, 'key_expired'],
])('%s is refused', (_, presented, fields, code) => {
  expect(() => authWith([row(fields)]).authenticate(presented)).toThrow(expect.objectContaining({ code, status: 401 }));
});

test('a key that expires later is let in until then', () => {
  expect(authWith([row({ expiresAt: 1001 })]).authenticate('gw-good').id).toBe('k1');
});

test('a key that somebody else vouches for is found by its id, and nothing but that', () => {
  const auth = authWith([row({}), row({ id: 'gone', revokedAt: 5 }), row({ id: 'old', expiresAt: 1000 })]);
  expect(auth.vouch('k1').name).toBe('my program');
  expect(() => auth.vouch('gone')).toThrow(expect.objectContaining({ code: 'key_revoked' }));
  expect(() => auth.vouch('old')).toThrow(expect.objectContaining({ code: 'key_expired' }));
  for (const id of ['', 'gw-good', 'hash of gw-good', 'constructor']) {
    expect(() => auth.vouch(id)).toThrow(expect.objectContaining({ code: 'invalid_key' }));
  }
});

test('no id opens a door that a key opens', () => {
  expect(() => authWith([row({})]).authenticate('k1')).toThrow(expect.objectContaining({ code: 'invalid_key' }));
});
