import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { loadRegistry } from '../../../registry/load.ts';
import { prepareCatalogue } from './catalogue.ts';
import { cautionOf, type Graded } from './caution.ts';
import { ask, judged, lineOf, NOON, reasonOf, routerOf, type Sketch } from './fixture.ts';
import { createRouter } from './index.ts';

const measured = (score: number, outputNano: number): Graded => ({ score, isEstimate: false, outputNano });
const estimate = (score: number, outputNano: number | null): Graded => ({ score, isEstimate: true, outputNano });
/** Ten points for ten times the price, give or take four. */
const MARKET = [measured(24, 100), measured(26, 100), measured(36, 1_000), measured(34, 1_000), measured(45, 10_000)];

test('a measured score counts as it is, an estimate for less', () => {
  const caution = cautionOf(MARKET);
  expect(caution(measured(35, 1_000))).toBe(35);
  expect(caution(estimate(35, 1_000))).toBeGreaterThan(30);
  expect(caution(estimate(35, 1_000))).toBeLessThan(35);
});

test('an estimate far above what its price usually buys is believed less, and one far below is not lifted', () => {
  const caution = cautionOf(MARKET);
  const taken = (score: number, outputNano: number) => score - caution(estimate(score, outputNano));
  expect(taken(45, 100)).toBeGreaterThan(taken(45, 10_000) + 5);
  expect(taken(20, 10_000)).toBeCloseTo(taken(45, 10_000), 5);
});

test('where little is measured, or price tells nothing, an estimate loses what it may be wrong by', () => {
  expect(cautionOf([])(estimate(50, 100))).toBe(46);
  expect(cautionOf(MARKET)(estimate(50, null))).toBe(46);
  expect(cautionOf(MARKET.map((one) => ({ ...one, score: 60 - one.score })))(estimate(50, 100))).toBe(46);
  expect(cautionOf([])(estimate(2, 100))).toBe(0);
});

const guessed = (score: number) => ({
  quality: { overall: { score, at: '2026-11-01', source: 'estimate: newer than small', variant: null } },
});
const SKETCHES: Sketch[] = [
  { id: 'small', provider: 'acme', quality: 40, price: [0.5, 2] },
  { id: 'medium', provider: 'acme', quality: 48, price: [1, 5] },
  { id: 'large', provider: 'acme', quality: 60, price: [3, 15] },
  { id: 'rival', provider: 'bell', quality: 58, price: [2, 10] },
  { id: 'giant', provider: 'bell', quality: 62, price: [10, 50] },
  { id: 'hopeful', provider: 'bell', price: [0.1, 0.5], more: guessed(59) },
];

test('expert work goes to a measured model and not to a cheap one that somebody thinks as good; the reason says so', () => {
  const router = routerOf(SKETCHES);
  const chosen = (complexity: 'simple' | 'expert', strategy: 'cost' | 'balanced') =>
    router.choose({ request: ask('auto'), classification: judged(complexity), strategy });
  for (const strategy of ['cost', 'balanced'] as const) {
    expect(chosen('expert', strategy).candidates[0]?.model.id).not.toBe('hopeful');
    const routed = chosen('simple', strategy);
    expect(routed.decision.candidates[0]).toMatchObject({ model: 'hopeful', quality: 59 });
    expect(reasonOf(routed)).toMatch(/Its score of 59 is estimated, not measured, and counts as 4\d\.$/);
    expect(lineOf(routed, 'hopeful').reason).toContain('estimated');
    expect(lineOf(routed, 'rival').reason).not.toContain('estimated');
  }
});

test('in the shipped catalogue expert work goes to what counts among the best third, whatever is cheap', async () => {
  const registry = await loadRegistry(join(import.meta.dir, '../../../registry/models.json'));
  const router = createRouter({
    ...{ registry: () => registry, isConnected: () => true, now: () => NOON, settings: { defaultStrategy: 'cost' } },
  });
  const { entries } = prepareCatalogue(registry, NOON);
  const standing = entries.flatMap(({ strengths }) => strengths.general ?? []).sort((a, b) => b - a);
  const bar = standing[Math.floor(standing.length / 3)] ?? 0;
  for (const strategy of ['cost', 'balanced', 'speed', 'quality'] as const) {
    const { candidates } = router.choose({ request: ask('auto'), classification: judged('expert'), strategy });
    const first = entries.find(({ model }) => model === candidates[0]?.model);
    expect(first?.strengths.general).toBeGreaterThan(bar);
  }
});
