import { join } from 'node:path';
import { loadRegistry } from '../registry/load.ts';
import { plainRequest } from '../src/chat/fixture.ts';
import { classify } from '../src/pipeline/classifier/index.ts';
import { createRouter, STRATEGIES } from '../src/pipeline/router/index.ts';

// How long the router takes for one decision over the shipped catalogue. Run: bun bench/router.ts

const WARM_UP = 3_000;
const ROUNDS = 10_000;

const registry = await loadRegistry(join(import.meta.dir, '../registry/models.json'));
const router = createRouter({
  registry: () => registry,
  isConnected: () => true,
  now: Date.now,
  settings: { defaultStrategy: 'balanced' },
});
const named = registry.listActive(Date.now())[0]?.id ?? 'auto';
console.log(`${registry.models.length} models`);

for (const model of [...STRATEGIES.map((strategy) => `auto:${strategy}`), named]) {
  const request = plainRequest('Compare two ways to keep a ledger in step with an invoice. '.repeat(8), { model });
  const classification = classify(request);
  const choose = () => router.choose({ request, classification });
  for (let round = 0; round < WARM_UP; round++) choose();

  const tookUs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = Bun.nanoseconds();
    choose();
    tookUs.push((Bun.nanoseconds() - started) / 1_000);
  }
  tookUs.sort((a, b) => a - b);
  const at = (share: number): string => (tookUs[Math.floor(share * (ROUNDS - 1))] ?? 0).toFixed(1).padStart(7);
  const first = choose().candidates[0]?.model.id;
  console.log(`${model.padEnd(16)} p50 ${at(0.5)} us   p99 ${at(0.99)} us   ${first}`);
}
