import type { Model } from '../../../registry/schema.ts';
import { unknownModel } from '../../../registry/unknown-model.ts';
import type { GatewayKey, Lap } from '../../db/schema.ts';
import { createLedger, type LedgerRows } from './index.ts';

// What the ledger's tests begin with.

export const key: GatewayKey = {
  id: 'k1',
  userId: 'u1',
  name: 'my program',
  hash: 'h',
  prefix: 'gw-abc',
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
};

export const model = (id: string, rates: Model['prices'][number]['rates'] | null): Model => ({
  ...unknownModel({ id, provider: 'acme', name: id }),
  status: 'active',
  context: { window: 1000, maxInput: null, maxOutput: null },
  prices: rates ? [{ tier: 'standard', promptOver: 0, from: null, until: null, region: 'global', rates }] : [],
});

export const cheap = model('cheap', { input: 1, output: 4, cacheRead: 0.1 });
export const dear = model('dear', { input: 10, output: 40, cacheRead: 1 });
export const decision = {
  strategy: 'cost',
  complexity: 'simple' as const,
  confidence: 0.9,
  promptTokens: 120,
  why: { code: 'asked', model: 'auto' },
};

/** An entry of a request to `auto` that missed the cache, and what it writes. */
export function open(now: () => number = () => 1_764_000_000_000) {
  const written: LedgerRows[] = [];
  const laps: Lap[] = [{ stage: 'auth', endedUs: 12 }];
  const ledger = createLedger({ write: (rows) => written.push(rows), now, baseline: () => dear });
  const entry = ledger.open({
    id: 'r1',
    key,
    endpoint: '/v1/chat/completions',
    dialect: 'some-dialect',
    headers: {},
    laps,
  });
  entry.asks('auto', true);
  entry.cached('miss');
  entry.decides(decision);
  return { entry, written, laps, row: () => written[0]?.request };
}
