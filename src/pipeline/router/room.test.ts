import { expect, test } from 'bun:test';
import { ask, judged, lineOf, NOON, reasonOf, registryOf, routerOf, type Sketch } from './fixture.ts';
import { createRouter } from './index.ts';

/** A router that is told so much room of the models named, and nothing of the others. */
const withRoom = (left: Record<string, number | null>) => routerOf(undefined, { room: ({ id }) => left[id] ?? null });
const decide = (left: Record<string, number | null>, strategy: 'cost' | 'quality' | 'speed' | 'balanced' = 'cost') =>
  withRoom(left).choose({ request: ask('auto'), classification: judged('moderate'), strategy });

test('a model whose key has next to nothing left gives way before it is refused, and the decision says why', () => {
  for (const strategy of ['cost', 'balanced', 'speed'] as const) {
    const usual = decide({}, strategy).candidates[0]?.model.id ?? '';
    const routed = decide({ [usual]: 0.01 }, strategy);
    expect(routed.candidates[0]?.model.id).not.toBe(usual);
    expect(lineOf(routed, usual).reason).toContain('Of its provider’s rate limit 1% is left');
  }
});

test('the best model gives way, too, where only success counts', () => {
  expect(decide({}, 'quality').candidates[0]?.model.id).toBe('giant');
  expect(decide({ giant: 0 }, 'quality').candidates[0]?.model.id).not.toBe('giant');
});

test('with a twentieth left nothing changes, and what nobody told is no reason', () => {
  const usual = decide({});
  expect(decide({ medium: 0.05, large: null })).toEqual(usual);
});

test('when all are at their limits the best is tried all the same', () => {
  const all = { tiny: 0, small: 0, medium: 0, large: 0, rival: 0, giant: 0 };
  const routed = decide(all);
  expect(routed.decision.candidates.filter(({ isKept }) => isKept)).toHaveLength(4);
  expect(reasonOf(routed)).toContain('which none of');
});

test('what the room is asked for is the prompt and the answer that are expected', () => {
  const asked: [string, number, number][] = [];
  const router = routerOf(undefined, {
    room({ id }, promptTokens, outputTokens) {
      asked.push([id, promptTokens, outputTokens]);
      return null;
    },
  });
  const { decision } = router.choose({ request: ask('auto'), classification: judged('moderate') });
  const [, prompt, output] = asked.find(([id]) => id === 'medium') ?? [];
  expect([prompt, output]).toEqual([decision.promptTokens, 500]);
});

test('of two providers of one model the one at its limit is asked last', () => {
  const twins: Sketch[] = [
    { id: 'twin', provider: 'acme', quality: 50, price: [1, 5] },
    { id: 'twin', provider: 'bell', quality: 50, price: [2, 10] },
  ];
  const order = (left: Record<string, number>) => {
    const registry = registryOf(twins);
    const router = createRouter({
      ...{ registry: () => registry, isConnected: () => true, now: () => NOON, settings: { defaultStrategy: 'cost' } },
      room: ({ provider }) => left[provider] ?? null,
    });
    const { candidates } = router.choose({ request: ask('twin'), classification: judged() });
    return candidates.map(({ providerId }) => providerId);
  };
  expect(order({})).toEqual(['acme', 'bell']);
  expect(order({ acme: 0.01 })).toEqual(['bell', 'acme']);
});
