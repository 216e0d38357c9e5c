import type { LimitSet } from '../src/db/limit-set.ts';
import { createLimits, type LimitedKey } from '../src/pipeline/limits/index.ts';

// What the limits cost one request, from the key to the settled bill, with many keys. Run: bun bench/limits.ts

const KEYS = 10_000;
const PEOPLE = 1_000;
const REQUESTS = 300_000;

const ALL: LimitSet = {
  requestsPerMinute: 1_000_000,
  tokensPerMinute: 1_000_000_000,
  concurrentRequests: 1_000,
  dailyBudgetNanoUsd: 1e15,
  monthlyBudgetNanoUsd: 1e15,
  maxRequestNanoUsd: 1e12,
};
const ask = { model: 'acme/m', tokens: 500, costNanoUsd: 250_000, mostNanoUsd: 9_000_000, isSimulated: false };
const end = { costNanoUsd: 200_000, tokens: 450, isSimulated: false, model: 'acme/m', isWhole: true };

console.log(`${KEYS} keys of ${PEOPLE} people, ${REQUESTS} requests, each a random key's`);
measure('no limits but the default', {}, null);
measure('every limit on the key', ALL, null);
measure('every limit on the key and its owner', ALL, ALL);

function measure(name: string, limits: LimitSet, ofOwner: LimitSet | null): void {
  const stage = createLimits({ now: Date.now, defaultRequestsPerMinute: 1_000_000 });
  const people = Array.from({ length: PEOPLE }, (_, index) => `user ${index}`);
  stage.replaceUserLimits(new Map(people.map((id) => [id, ofOwner ?? {}])));
  const keys = Array.from({ length: KEYS }, (_, index): LimitedKey => {
    const userId = ofOwner ? (people[index % PEOPLE] ?? null) : null;
    return { id: `key ${index}`, name: 'program', userId, limits: { ...limits } };
  });
  const order = Array.from({ length: REQUESTS }, () => keys[Math.floor(Math.random() * KEYS)]);

  const once = (key: LimitedKey | undefined): void => {
    if (!key) return;
    const pass = stage.enter(key);
    if (pass.reserve(ask)) throw new Error('refused');
    stage.stateOf(key);
    pass.leave(end);
  };
  for (const key of order.slice(0, REQUESTS / 3)) once(key);
  const startedAt = Bun.nanoseconds();
  for (const key of order) once(key);
  const nanoseconds = (Bun.nanoseconds() - startedAt) / REQUESTS;
  console.log(`${name.padEnd(40)} ${nanoseconds.toFixed(0).padStart(6)} ns a request`);
}
