import { join } from 'node:path';
import { loadRegistry } from '../registry/load.ts';
import { plainRequest } from '../src/chat/fixture.ts';
import { classify, REQUEST_KINDS } from '../src/pipeline/classifier/index.ts';
import { createLearning, createSignals } from '../src/pipeline/learning/index.ts';
import { createRouter } from '../src/pipeline/router/index.ts';

// What learning costs: a lesson, taking one back, hearing a request out, and a decision with and without it.
// Run: bun bench/learning.ts

const WARM_UP = 3_000;
const ROUNDS = 10_000;
const DAY_MS = 86_400_000;

const registry = await loadRegistry(join(import.meta.dir, '../registry/models.json'));
const clock = { ms: Date.now() };
const learning = createLearning({ kinds: REQUEST_KINDS, now: () => clock.ms, isOn: () => true });
const router = createRouter({
  registry: () => registry,
  isConnected: () => true,
  now: Date.now,
  settings: { defaultStrategy: 'balanced' },
});
const request = plainRequest('Compare two ways to keep a ledger in step with an invoice. '.repeat(8));
const classification = classify(request);
const verdict = { source: 'caller', ownerId: 'one', topics: classification.topics, logit: 2 } as const;
const models = registry.models.slice(0, 50).map(({ id }) => id);
let turn = 0;

measure('a lesson', () => {
  // Within the owner's day.
  clock.ms += DAY_MS / 90;
  const model = models[turn % models.length] ?? '';
  return learning.learn({ ...verdict, model, strength: (turn++ % 10) / 10, passed: turn % 3 > 0 });
});
measure('a lesson and taking it back', () => {
  clock.ms += DAY_MS / 90;
  const taught = learning.learn({ ...verdict, model: 'x', strength: 0.5, passed: false });
  if (taught) learning.forget(taught);
});
const signals = createSignals({ isOn: () => true, onSignal: () => {} });
measure('hearing a request out', () => signals.hear({ request, ownerId: 'one', named: null, at: clock.ms }));
measure('a decision without anything learned', () => router.choose({ request, classification }));
measure('a decision with what was learned', () =>
  router.choose({ request, classification, learned: learning.read('one', classification.topics) }),
);
console.log(`${router.choose({ request, classification }).decision.candidates.length} candidates a decision`);

function measure(name: string, run: () => unknown): void {
  for (let round = 0; round < WARM_UP; round++) run();
  const tookUs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = Bun.nanoseconds();
    run();
    tookUs.push((Bun.nanoseconds() - started) / 1_000);
  }
  tookUs.sort((a, b) => a - b);
  const at = (share: number): string => (tookUs[Math.floor(share * (ROUNDS - 1))] ?? 0).toFixed(1).padStart(7);
  console.log(`${name.padEnd(40)} p50 ${at(0.5)} us   p99 ${at(0.99)} us`);
}
