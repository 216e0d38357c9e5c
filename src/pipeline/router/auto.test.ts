import { describe, expect, test } from 'bun:test';
import type { ChatRequest } from '../../chat/request.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import type { Judgement, Routed, RouteQuestion } from './decision.ts';
import { ask, judged, lineOf, reasonOf, routerOf, SKETCHES, type Sketch } from './fixture.ts';

type Options = Parameters<typeof routerOf>[1];

function choose(
  model: string,
  more: { request?: Partial<ChatRequest>; judgement?: Judgement; sketches?: Sketch[]; options?: Options } = {},
): Routed {
  const question: RouteQuestion = { request: ask(model, more.request), classification: more.judgement ?? judged() };
  return routerOf(more.sketches ?? SKETCHES, more.options).choose(question);
}

const idsOf = ({ candidates }: Routed) => candidates.map(({ model }) => model.id);

describe('cost', () => {
  test('takes the cheapest model that is good enough, and better ones for harder work', () => {
    const firsts = (['simple', 'moderate', 'complex', 'expert'] as const).map(
      (complexity) => idsOf(choose('auto:cost', { judgement: judged(complexity) }))[0],
    );
    expect(firsts).toEqual(['small', 'medium', 'rival', 'large']);
  });

  test('every line says why, and the numbers are there', () => {
    const routed = choose('auto:cost', { judgement: judged('expert') });
    expect(idsOf(routed)).toEqual(['large', 'giant', 'rival', 'medium']);
    expect(reasonOf(routed)).toBe(
      `Judged as expert work (confidence 70%): acme/large is the cheapest of 7 to reach an expected success of ${lineFloor(reasonOf(routed))}%.`,
    );
    expect(lineOf(routed, 'large')).toMatchObject({ isKept: true, rank: 1, quality: 60, provider: 'acme' });
    expect(lineOf(routed, 'large').reason).toStartWith('The cheapest of 7');
    expect(lineOf(routed, 'giant').reason).toStartWith('The next cheapest that is expected to succeed at least');
    expect(lineOf(routed, 'rival').reason).toEndWith('only tried when the others fail.');
    expect(lineOf(routed, 'tiny')).toMatchObject({ isKept: false, rank: null });
    expect(lineOf(routed, 'tiny').reason).toMatch(
      /^Expected to succeed [\d.]+% of the time, short of the [\d.]+% asked for\.$/,
    );
    expect(lineOf(routed, 'local/llama').reason).toBe('Nobody has told how good it is.');
  });

  test('a tolerance lowers the floor', () => {
    const settings = { defaultStrategy: 'cost' as const, qualityTolerance: 0.1 };
    const [first] = idsOf(choose('auto', { judgement: judged('expert'), options: { settings } }));
    expect(first).toBe('rival');
  });

  test('when nothing reaches the floor, the nearest comes first', () => {
    const routed = choose('auto:cost', {
      judgement: judged('expert'),
      options: { off: ['bell', 'shed'] },
      sketches: [...SKETCHES.filter(({ id }) => id !== 'large')],
    });
    expect(idsOf(routed)).toEqual(['medium', 'small', 'tiny']);
    expect(reasonOf(routed)).toContain('the nearest to the');
    expect(reasonOf(routed)).toContain('which none of 3 is known to reach');
  });

  test('a free model of unknown quality is no bargain, but better than nothing', () => {
    const routed = choose('auto:cost', { judgement: judged('simple') });
    expect(idsOf(routed)[0]).toBe('small');
    expect(idsOf(choose('auto:cost', { options: { off: ['acme', 'bell'] } }))).toEqual(['local/llama']);
  });

  test('a model without a price is dropped', () => {
    const routed = choose('auto:cost', { sketches: [...SKETCHES, { id: 'gift', provider: 'bell', quality: 90 }] });
    expect(idsOf(routed)).not.toContain('gift');
    expect(lineOf(routed, 'gift').reason).toBe('It has no price, so its cost cannot be weighed.');
    expect(lineOf(routed, 'gift').expectedCostNanoUsd).toBeNull();
  });

  test('the expected cost is the prompt and the reply at the prices of today', () => {
    const row = (from: string | null, until: string | null, input: number) => ({
      tier: 'standard',
      from,
      until,
      rates: { input, output: 0 },
    });
    const prices = [row(null, '2026-11-23', 4), row('2026-11-23', '2026-12-01', 2), row('2026-12-01', null, 8)];
    const sketches = [{ id: 'dated', provider: 'acme', quality: 50, more: { prices } }];
    const { decision } = choose('auto:cost', { sketches });
    expect(decision.candidates[0]?.expectedCostNanoUsd).toBe(decision.promptTokens * 2_000);
  });

  test('a prompt over a price band costs the dearer price throughout', () => {
    const rows = [
      { tier: 'standard', rates: { input: 1, output: 0 } },
      { tier: 'standard', promptOver: 10_000, rates: { input: 3, output: 0 } },
    ];
    const sketches = [{ id: 'banded', provider: 'acme', quality: 50, more: { prices: rows } }];
    const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'word '.repeat(20_000) }] }];
    const { decision } = choose('auto:cost', { sketches, request: { messages } });
    expect(decision.promptTokens).toBeGreaterThan(20_000);
    expect(decision.candidates[0]?.expectedCostNanoUsd).toBe(decision.promptTokens * 3_000);
  });
});

describe('the other strategies', () => {
  test('quality takes the strongest, and those without a score last', () => {
    const routed = choose('auto:quality');
    expect(idsOf(routed).slice(0, 3)).toEqual(['giant', 'large', 'rival']);
    expect(lineOf(routed, 'giant').reason).toMatch(/^The most likely of 7 to succeed, with [\d.]+%\.$/);
    expect(lineOf(routed, 'large').reason).toStartWith('The next most likely to succeed');
    expect(lineOf(routed, 'local/llama').quality).toBeNull();
    expect(lineOf(routed, 'tiny').reason).toBe('It could answer, but better ones fill the places.');
  });

  test('quality takes the cheaper of two that are equally good', () => {
    const sketches = [
      { id: 'dear', provider: 'acme', quality: 60, price: [9, 9] as [number, number] },
      { id: 'fair', provider: 'bell', quality: 60, price: [1, 1] as [number, number] },
    ];
    expect(idsOf(choose('auto:quality', { sketches }))).toEqual(['fair', 'dear']);
  });

  test('quality keeps a model without a price for last', () => {
    const sketches = [...SKETCHES.slice(0, 2), { id: 'gift', provider: 'bell', quality: 90 }];
    expect(idsOf(choose('auto:quality', { sketches }))).toEqual(['small', 'tiny', 'gift']);
  });

  test('speed believes what was measured over what is supposed', () => {
    const measured: Record<string, number> = { large: 300, medium: 90_000 };
    const routed = choose('auto:speed', {
      judgement: judged('complex'),
      options: { latency: (_provider, id) => measured[id] ?? null },
    });
    expect(idsOf(routed)[0]).toBe('large');
    expect(lineOf(routed, 'large').expectedLatencyMs).toBe(300);
    expect(lineOf(routed, 'large').reason).toContain('with about 300 ms');
    expect(lineOf(routed, 'rival').reason).toStartWith('The next fastest');
  });

  test('speed without measurements prefers small models above the floor', () => {
    expect(idsOf(choose('auto:speed', { judgement: judged('simple') }))[0]).toBe('small');
    expect(idsOf(choose('auto:speed', { judgement: judged('expert') }))[0]).toBe('large');
  });

  test('balanced costs no less than cost and succeeds no less often, and quality tops it in both', () => {
    for (const complexity of ['simple', 'moderate', 'complex', 'expert'] as const) {
      const [cost, balanced, quality] = ['cost', 'balanced', 'quality'].map(
        (strategy) => choose(`auto:${strategy}`, { judgement: judged(complexity) }).decision.candidates[0]!,
      );
      expect(balanced!.expectedCostNanoUsd!).toBeGreaterThanOrEqual(cost!.expectedCostNanoUsd!);
      expect(balanced!.expectedSuccess).toBeGreaterThanOrEqual(cost!.expectedSuccess);
      expect(quality!.expectedSuccess).toBeGreaterThanOrEqual(balanced!.expectedSuccess);
    }
    const routed = choose('auto:balanced', { judgement: judged('simple') });
    expect(idsOf(routed)[0]).not.toBe('giant');
    expect(reasonOf(routed)).toMatch(/the best of 7 when success \([\d.]+%\), cost and time are weighed\.$/);
    expect(lineOf(routed, idsOf(routed)[1]!).reason).toStartWith('The next best when success');
  });

  test('the name of the model comes before the strategy of the key, and that before the default', () => {
    const router = routerOf();
    const classification = judged();
    const strategyOf = (model: string, strategy?: 'speed') =>
      router.choose({ request: ask(model), classification, strategy }).decision.strategy;
    expect(strategyOf('auto:quality', 'speed')).toBe('quality');
    expect(strategyOf('auto', 'speed')).toBe('speed');
    expect(strategyOf('auto')).toBe('cost');
  });

  test('equal models stand in the order of their names, whatever the catalogue says', () => {
    const twins = ['b', 'a', 'c'].map((id) => ({
      id,
      provider: 'acme',
      quality: 50,
      price: [1, 1] as [number, number],
    }));
    for (const model of ['auto:cost', 'auto:quality', 'auto:speed', 'auto:balanced']) {
      expect(idsOf(choose(model, { sketches: twins }))).toEqual(['a', 'b', 'c']);
    }
  });

  test('a kind of task is judged by its own scores when most models have them', () => {
    const score = (value: number) => ({ score: value, at: '2026-11-01', source: 'invented', variant: null });
    const coder = (id: string, overall: number, code: number) => ({
      id,
      provider: 'acme',
      price: [1, 1] as [number, number],
      more: { quality: { overall: score(overall), code: score(code) } },
    });
    const sketches = [coder('talker', 70, 20), coder('coder', 40, 80), coder('middle', 50, 50)];
    const judgement = judged('complex', { kind: 'code' });
    expect(idsOf(choose('auto:quality', { sketches, judgement }))[0]).toBe('coder');
    expect(idsOf(choose('auto:quality', { sketches }))[0]).toBe('talker');
  });

  test('scores that only a few models have are not compared with those of the others', () => {
    const code = { score: 90, at: '2026-11-01', source: 'invented', variant: null };
    const overall = { ...code, score: 20 };
    const sketches = [
      ...SKETCHES,
      { id: 'odd', provider: 'bell', price: [1, 1] as [number, number], more: { quality: { overall, code } } },
    ];
    const judgement = judged('complex', { kind: 'code' });
    expect(idsOf(choose('auto:quality', { sketches, judgement }))[0]).toBe('giant');
  });
});

describe('the decision', () => {
  test('survives JSON, and holds what replay needs but no text', () => {
    const { decision } = choose('auto:balanced');
    expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
    expect(decision).toMatchObject({
      requestedModel: 'auto:balanced',
      isExplicit: false,
      strategy: 'balanced',
      complexity: 'moderate',
      confidence: 0.7,
      features: { length: 0.5 },
    });
    expect(JSON.stringify(decision)).not.toContain('ledger');
  });

  test('is the same each time', () => {
    expect(choose('auto:balanced').decision).toEqual(choose('auto:balanced').decision);
  });

  test('follows a new catalogue at once', () => {
    const old = routerOf(SKETCHES);
    expect(idsOf(old.choose({ request: ask('auto:quality'), classification: judged() }))[0]).toBe('giant');
    const next = [...SKETCHES, { id: 'titan', provider: 'acme', quality: 99, price: [1, 1] as [number, number] }];
    expect(idsOf(choose('auto:quality', { sketches: next }))[0]).toBe('titan');
  });

  test('an unknown way to choose is refused with those that are known', () => {
    const error = refusalOf(() => choose('auto:cheap'));
    expect(error).toMatchObject({ code: 'invalid_request', param: 'model' });
    expect(error.message).toContain('auto:cost, auto:quality, auto:speed, auto:balanced');
  });
});

/** The floor as the sentence tells it, so that the test does not repeat the formula. */
function lineFloor(sentence: string): number {
  return Number(/success of ([\d.]+)%/.exec(sentence)?.[1]);
}
