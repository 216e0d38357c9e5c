import { describe, expect, test } from 'bun:test';
import type { ChatRequest, Message } from '../../chat/request.ts';
import type { Candidate, Judgement } from './decision.ts';
import { ask, lineOf, NOON, reasonOf, registryOf, routerOf, SKETCHES } from './fixture.ts';

/** The invented catalogue, with a tenth of the price for what is read from a cache. */
function withCache(ids: readonly string[]) {
  return SKETCHES.filter(({ id }) => ids.includes(id)).map((sketch) => {
    const [input, output] = sketch.price ?? [0, 0];
    return { ...sketch, more: { prices: [{ tier: 'standard', rates: { input, cacheRead: input / 10, output } }] } };
  });
}

const ALL = withCache(['tiny', 'small', 'medium', 'large', 'rival', 'giant']);
const WITH_CACHE = withCache(['small', 'large', 'giant']);

const EASY = judge('simple', 0.15);
const HARD = judge('expert', 0.85);
const TURNS = 30;
/** A turn and the build it starts take a while; a model left for two turns has lost its prefix. */
const TURN_MS = 110_000;
const TURN_CHARS = 6_000;
const OUTPUT_TOKENS = 300;

function judge(complexity: Judgement['complexity'], difficulty: number): Judgement {
  return { complexity, difficulty, confidence: 0.9, kind: 'code', features: {} };
}

/** The turns, from 0, that bring something new to do; between them tools answer. */
const ASKING = [0, 1, 2, 4, 5, 6, 7, 10, 11, 12, 14, 15, 16, 17, 20, 21, 22, 24, 25, 26, 27];
const isAsking = (turn: number): boolean => ASKING.includes(turn);

/** An agent at work. */
function conversationOf(turns: number): Message[] {
  const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text: 'Make the build pass.' }] }];
  for (let turn = 1; turn < turns; turn++) {
    messages.push({
      role: 'assistant',
      content: [{ type: 'tool-call', id: `c${turn}`, name: 'run', argumentsText: '{"command":"make"}' }],
    });
    messages.push({
      role: 'user',
      content: isAsking(turn)
        ? [{ type: 'text', text: `${'And now this. '.repeat(TURN_CHARS / 14)}` }]
        : [
            {
              type: 'tool-result',
              callId: `c${turn}`,
              isError: false,
              content: [{ type: 'text', text: 'log '.repeat(TURN_CHARS / 4) }],
            },
          ],
    });
  }
  return messages;
}

const requestAt = (turn: number): ChatRequest => ask('auto', { messages: conversationOf(turn) });
/** What is asked for changes from ask to ask, and stays the same in the loop of tools after it. */
const WORK: Judgement['complexity'][] = ['moderate', 'complex', 'moderate', 'expert', 'complex', 'simple', 'complex'];
const DIFFICULTY = { simple: 0.15, moderate: 0.4, complex: 0.65, expert: 0.85 };
const judgementAt = (turn: number): Judgement => {
  const complexity = WORK[(ASKING.filter((one) => one < turn).length - 1) % WORK.length] ?? 'moderate';
  return judge(complexity, DIFFICULTY[complexity]);
};

/** What the session costs when each provider keeps the prefix it was last sent for five minutes. */
function costOfSession(choose: (turn: number, at: number) => Candidate): { nanoUsd: number; models: string[] } {
  const kept = new Map<string, { tokens: number; at: number }>();
  const models: string[] = [];
  let nanoUsd = 0;
  for (let turn = 1; turn <= TURNS; turn++) {
    const at = NOON + turn * TURN_MS;
    const { model } = choose(turn, at);
    const rates = model.prices[0]?.rates;
    const prompt = (turn * TURN_CHARS) / 4;
    const prefix = kept.get(model.id);
    const cached = prefix && at - prefix.at < 300_000 ? prefix.tokens : 0;
    // Rates are nano-dollars for a thousand tokens' thousandth, as the catalogue keeps them: dollars a million.
    nanoUsd +=
      1_000 *
      ((prompt - cached) * Number(rates?.input) +
        cached * Number(rates?.cacheRead) +
        OUTPUT_TOKENS * Number(rates?.output));
    kept.set(model.id, { tokens: prompt, at });
    models.push(model.id);
  }
  return { nanoUsd, models };
}

describe('an agent session of thirty turns', () => {
  test('costs less than always the strong model, and less than choosing each turn anew', () => {
    const registry = registryOf(ALL);
    const strong = registry.findAll('giant')[0];
    if (!strong) throw new Error('no giant');
    let now = NOON;
    const options = { registry: () => registry, now: () => now };

    const expected = { model: '', tokens: 0, costNanoUsd: 0, mostNanoUsd: 0 };
    const always = costOfSession(() => ({ model: strong, providerId: strong.provider, name: strong.id, expected }));
    const naiveRouter = routerOf(ALL, options);
    const naive = costOfSession((turn) => {
      const routed = naiveRouter.choose({ request: requestAt(turn), classification: judgementAt(turn) });
      return routed.candidates[0]!;
    });
    const router = routerOf(ALL, options);
    const ours = costOfSession((turn, at) => {
      now = at;
      const routed = router.choose({ request: requestAt(turn), classification: judgementAt(turn) });
      const first = routed.candidates[0]!;
      router.remember(routed, first);
      return first;
    });

    console.log(
      `30 turns: always strong $${(always.nanoUsd / 1e9).toFixed(3)}, each turn anew $${(naive.nanoUsd / 1e9).toFixed(3)}, ` +
        `with the conversation in mind $${(ours.nanoUsd / 1e9).toFixed(3)}: ${ours.models.join(' ')} / ${naive.models.join(' ')}`,
    );
    expect(ours.nanoUsd).toBeLessThan(always.nanoUsd);
    expect(ours.nanoUsd).toBeLessThan(naive.nanoUsd);
    expect(new Set(ours.models).size).toBeLessThanOrEqual(new Set(naive.models).size);
  });
});

test('in the middle of a tool loop no weaker model takes over', () => {
  const router = routerOf(WITH_CACHE);
  const first = router.choose({ request: requestAt(3), classification: HARD });
  expect(first.candidates[0]?.model.id).toBe('giant');
  router.remember(first, first.candidates[0]!);
  const next = router.choose({ request: requestAt(4), classification: EASY });
  expect(next.candidates[0]?.model.id).toBe('giant');
  expect(reasonOf(next)).toContain('in the middle of a tool loop');
  expect(next.decision.conversation).toMatchObject({ model: 'bell/giant', isStaying: true, turns: 1 });
});

test('what the provider has in its cache is priced as cached', () => {
  const router = routerOf(WITH_CACHE);
  const first = router.choose({ request: requestAt(3), classification: HARD });
  router.remember(first, first.candidates[0]!);
  const costOf = (decision: typeof first.decision) =>
    decision.candidates.find(({ model }) => model === 'giant')?.expectedCostNanoUsd ?? 0;
  const after = router.choose({ request: requestAt(4), classification: HARD }).decision;
  const alone = routerOf(WITH_CACHE).choose({ request: requestAt(4), classification: HARD }).decision;
  expect(after.conversation?.cachedTokens).toBe(first.decision.promptTokens);
  expect(costOf(alone) - costOf(after)).toBe(first.decision.promptTokens * 9_000);
});

test('a dry run and another owner leave a conversation as it was', () => {
  const router = routerOf(WITH_CACHE);
  router.choose({ request: requestAt(3), classification: HARD, ownerId: 'a' });
  expect(router.choose({ request: requestAt(4), classification: EASY, ownerId: 'a' }).decision.conversation).toBeNull();
  const routed = router.choose({ request: requestAt(3), classification: HARD, ownerId: 'a' });
  router.remember(routed, routed.candidates[0]!);
  expect(router.choose({ request: requestAt(4), classification: EASY, ownerId: 'b' }).decision.conversation).toBeNull();
});

test('a model whose calls fail gives way until it is forgiven', () => {
  let now = NOON;
  const router = routerOf(WITH_CACHE, { now: () => now });
  const question = { request: ask('auto'), classification: EASY };
  expect(router.choose(question).candidates[0]?.model.id).toBe('small');
  for (let call = 0; call < 5; call++) {
    router.observe({
      providerId: 'acme',
      modelId: 'small',
      isAnswered: false,
      isTimed: false,
      durationMs: 10,
      at: now,
    });
  }
  const failing = router.choose(question);
  expect(failing.candidates[0]?.model.id).not.toBe('small');
  expect(failing.decision.candidates.find(({ model }) => model === 'small')?.health).toBeLessThan(0.6);
  now += 10 * 60_000;
  expect(router.choose(question).candidates[0]?.model.id).toBe('small');
});

test('measured times replace the guess by price', () => {
  const router = routerOf(WITH_CACHE);
  for (let call = 0; call < 20; call++) {
    router.observe({
      providerId: 'acme',
      modelId: 'large',
      isAnswered: true,
      isTimed: true,
      durationMs: 250,
      at: NOON,
    });
  }
  const large = router
    .choose({ request: ask('auto:speed'), classification: EASY })
    .decision.candidates.find(({ model }) => model === 'large');
  expect(large).toMatchObject({ firstContentMs: 250, firstContentP95Ms: 250, health: 1 });
});

test('a request may bound the cost and the quality of the choice', () => {
  const router = routerOf(WITH_CACHE);
  const bounds = { maxCostNanoUsd: null, minQuality: 55, qualityTolerance: null };
  const strong = router.choose({ request: ask('auto'), classification: EASY, bounds });
  expect(strong.candidates.map(({ model }) => model.id)).toEqual(['large', 'giant']);
  expect(lineOf(strong, 'small').reason).toContain('asks for 55');
  const cheap = { ...bounds, minQuality: null, maxCostNanoUsd: 1 };
  expect(() => router.choose({ request: ask('auto'), classification: EASY, bounds: cheap })).toThrow();
});
