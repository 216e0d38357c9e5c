import { expect, test } from 'bun:test';
import { ask, judged, NOON, reasonOf, routerOf } from './fixture.ts';

type Router = ReturnType<typeof routerOf>;

const fastest = (router: Router) =>
  router.choose({ request: ask('auto'), classification: judged('complex'), strategy: 'speed' }).decision;

const first = (router: Router) => fastest(router).candidates[0]?.model;

const providerOf = (modelId: string) => (modelId === 'rival' || modelId === 'giant' ? 'bell' : 'acme');

function measure(router: Router, modelId: string, firstContentMs: number, calls = 30): void {
  const call = { providerId: providerOf(modelId), modelId, isAnswered: true, isTimed: true, at: NOON };
  for (let made = 0; made < calls; made++) router.observe({ ...call, durationMs: firstContentMs });
}

function measurePace(router: Router, modelId: string, msPerToken: number, outputTokens = 1_000): void {
  const reply = { providerId: providerOf(modelId), modelId, at: NOON, outputTokens };
  for (let read = 0; read < 30; read++) router.observeEnd({ ...reply, writingMs: msPerToken * outputTokens });
}

test('`speed` takes a model by the time that was measured and no longer by the guess of its price', () => {
  const router = routerOf();
  expect(fastest(router).candidates[0]).toMatchObject({ model: 'rival', firstContentMs: null });
  measure(router, 'rival', 60_000);
  expect(first(router)).toBe('large');
  const decision = fastest(router);
  const { candidates } = decision;
  const rival = candidates.find(({ model }) => model === 'rival');
  expect(rival).toMatchObject({ firstContentMs: 60_000, firstContentP95Ms: 60_000 });
  expect(rival?.expectedLatencyMs).toBeGreaterThan(60_000);
  expect(reasonOf({ decision })).toContain('the fastest of');
});

test('how fast a model writes counts as much as how soon it begins', () => {
  const router = routerOf();
  measure(router, 'rival', 100);
  measurePace(router, 'rival', 80);
  expect(first(router)).toBe('large');
  measurePace(router, 'giant', 2);
  expect(first(router)).toBe('giant');
  measurePace(router, 'rival', 1);
  expect(first(router)).toBe('rival');
});

test('a few words tell nothing of how fast a model writes', () => {
  const router = routerOf();
  measurePace(router, 'rival', 5_000, 19);
  router.observeEnd(null);
  expect(first(router)).toBe('rival');
});

test('a model that gets slower loses its place, and has it back when it is quick again', () => {
  const router = routerOf();
  measure(router, 'rival', 100);
  expect(first(router)).toBe('rival');
  measure(router, 'rival', 60_000);
  expect(first(router)).not.toBe('rival');
  measure(router, 'rival', 100);
  expect(first(router)).toBe('rival');
});

test('a few slow calls among quick ones are told as p95 and move the middle little', () => {
  const router = routerOf();
  for (let round = 0; round < 40; round++) {
    measure(router, 'rival', 200, 9);
    measure(router, 'rival', 4_000, 1);
  }
  const { firstContentMs, firstContentP95Ms } = fastest(router).candidates.find(({ model }) => model === 'rival') ?? {};
  expect(firstContentMs).toBeLessThan(500);
  expect(firstContentP95Ms).toBeGreaterThan(2 * (firstContentMs ?? 0));
});
