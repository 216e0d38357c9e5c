import { describe, expect, test } from 'bun:test';
import { ENGLISH, writePlace } from '../../../views/why.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import type { Routed } from './decision.ts';
import { ask, judged, NOON, reasonOf, registryOf, routerOf, SKETCHES, type Sketch } from './fixture.ts';
import { baselineFor } from './index.ts';

interface More {
  request?: Partial<ChatRequest>;
  fallbackModels?: string[];
  sketches?: Sketch[];
  options?: Parameters<typeof routerOf>[1];
}

function choose(model: string, { request, fallbackModels, sketches, options }: More = {}): Routed {
  const router = routerOf(sketches ?? SKETCHES, options);
  return router.choose({ request: ask(model, request), classification: judged(), fallbackModels });
}

const namesOf = ({ candidates }: Routed) => candidates.map(({ model, providerId }) => `${providerId}:${model.id}`);
const longText = (words: number): Partial<ChatRequest> => ({
  messages: [{ role: 'user', content: [{ type: 'text', text: 'word '.repeat(words) }] }],
});

describe('a model that is named', () => {
  test('answers, and no other', () => {
    const routed = choose('tiny');
    expect(namesOf(routed)).toEqual(['acme:tiny']);
    expect(routed.decision).toMatchObject({
      isExplicit: true,
      strategy: 'explicit',
      requestedModel: 'tiny',
      why: { code: 'asked', model: 'tiny' },
    });
    expect(routed.decision.candidates).toMatchObject([{ model: 'tiny', rank: 1, why: { code: 'named' } }]);
  });

  test('is found by its alias and by provider/model', () => {
    const aliases = [{ id: 'tiny-latest', kind: 'latest' }];
    const sketches = [{ ...SKETCHES[0]!, more: { aliases } }];
    for (const name of ['tiny-latest', 'acme/tiny', 'acme/tiny-latest']) {
      expect(namesOf(choose(name, { sketches }))).toEqual(['acme:tiny']);
    }
  });

  test('may have a slash in its own id', () => {
    expect(namesOf(choose('local/llama'))).toEqual(['shed:local/llama']);
    expect(namesOf(choose('shed/local/llama'))).toEqual(['shed:local/llama']);
  });

  test('with a slash is first an id and then an address, unless that id cannot be reached', () => {
    const sketches = [
      ...SKETCHES,
      { id: 'acme/tiny', provider: 'bell', quality: 20, price: [1, 1] as [number, number] },
    ];
    expect(namesOf(choose('acme/tiny', { sketches }))).toEqual(['bell:acme/tiny']);
    expect(namesOf(choose('acme/tiny', { sketches, options: { off: ['bell'] } }))).toEqual(['acme:tiny']);
  });

  test('offered by several providers is asked for in order of price', () => {
    const sketches: Sketch[] = [
      { id: 'shared', provider: 'acme', price: [3, 3] },
      { id: 'shared', provider: 'bell', price: [1, 1] },
      { id: 'shared', provider: 'shed' },
      { id: 'shared', provider: 'gone', price: [0.1, 0.1] },
    ];
    const routed = choose('shared', { sketches, options: { off: ['gone'] } });
    expect(namesOf(routed)).toEqual(['bell:shared', 'acme:shared', 'shed:shared']);
    expect(writePlace(ENGLISH, routed.decision.candidates[0]!.why)).toBe(
      'Named by the request; the cheaper provider is asked first.',
    );
    expect(routed.decision.candidates[3]).toMatchObject({ provider: 'gone', isKept: false, rank: null });
    expect(namesOf(choose('acme/shared', { sketches }))).toEqual(['acme:shared']);
  });

  test('is honoured though it lacks an ability, is limited or has no price', () => {
    const sketches: Sketch[] = [{ id: 'odd', provider: 'acme', can: { tools: false }, more: { status: 'limited' } }];
    const routed = choose('odd', { sketches, request: { tools: [{ type: 'function', name: 'f' }] } });
    expect(namesOf(routed)).toEqual(['acme:odd']);
    expect(routed.decision.candidates[0]?.expectedCostNanoUsd).toBeNull();
  });

  test('that its provider redirects is the model that answers for it', () => {
    const sketches: Sketch[] = [
      ...SKETCHES,
      { id: 'old', provider: 'acme', more: { status: 'redirected', redirectsTo: 'medium' } },
    ];
    expect(namesOf(choose('old', { sketches }))).toEqual(['acme:medium']);
  });
});

describe('fallbacks', () => {
  test('come after the model that was named, in their order', () => {
    const routed = choose('tiny', { fallbackModels: ['giant', 'acme/small', 'tiny'] });
    expect(namesOf(routed)).toEqual(['acme:tiny', 'bell:giant', 'acme:small']);
    expect(writePlace(ENGLISH, routed.decision.candidates[1]!.why)).toBe('Named as a fallback.');
  });

  test('answer when nobody can be asked for the model that was named', () => {
    const routed = choose('giant', { fallbackModels: ['small'], options: { off: ['bell'] } });
    expect(namesOf(routed)).toEqual(['acme:small']);
    expect(reasonOf(routed)).toBe(
      'The request names “giant”, which cannot be asked; “small” is named as its fallback.',
    );
    expect(writePlace(ENGLISH, routed.decision.candidates[1]!.why)).toContain('no key for bell');
  });

  test('that are unknown, unable or without a key are passed over and told', () => {
    const sketches: Sketch[] = [...SKETCHES, { id: 'deaf', provider: 'acme', can: { tools: false } }];
    const routed = choose('tiny', {
      sketches,
      fallbackModels: ['nonsense', 'deaf', 'giant'],
      request: { tools: [{ type: 'function', name: 'f' }] },
      options: { off: ['bell'] },
    });
    expect(namesOf(routed)).toEqual(['acme:tiny']);
    const reasons = Object.fromEntries(
      routed.decision.candidates.map(({ model, why }) => [model, writePlace(ENGLISH, why)]),
    );
    expect(reasons.nonsense).toBe('Named as a fallback, but there is no such model in the catalogue.');
    expect(reasons.deaf).toBe('It cannot call tools, which the request needs.');
    expect(reasons.giant).toContain('no key');
  });

  test('do not save a name that means nothing', () => {
    expect(refusalOf(() => choose('nonsense', { fallbackModels: ['small'] })).code).toBe('unknown_model');
  });
});

describe('errors', () => {
  test('an unknown model is named, with those that look like it', () => {
    const error = refusalOf(() => choose('gaint'));
    expect(error).toMatchObject({ code: 'unknown_model', status: 404, param: 'model' });
    expect(error.message).toBe('There is no model "gaint" in the catalogue. Did you mean "giant"?');
  });

  test.each(['', '/', 'x', 'acme/', '__proto__', 'constructor', '👩‍👩‍👧‍👦', '\ud83d', 'z'.repeat(1_000_000)])(
    'a strange name is unknown and nothing worse',
    (name) => {
      const started = performance.now();
      const error = refusalOf(() => choose(name));
      expect(error.code).toBe('unknown_model');
      expect(error.message.length).toBeLessThan(400);
      expect(performance.now() - started).toBeLessThan(200);
    },
  );

  test('a model whose provider has no key says which one to set', () => {
    const error = refusalOf(() => choose('giant', { options: { off: ['bell'], keyHint: () => 'Set BELL_API_KEY.' } }));
    expect(error).toMatchObject({ code: 'no_provider', status: 503 });
    expect(error.message).toBe(
      'The model "giant" is offered by bell, for which the gateway has no key. Set BELL_API_KEY.',
    );
    expect(refusalOf(() => choose('giant', { options: { off: ['bell'] } })).message).toEndWith(
      'Add a provider key for bell.',
    );
  });

  test('a retired model names its replacement', () => {
    const sketches: Sketch[] = [
      ...SKETCHES,
      { id: 'old', provider: 'acme', more: { status: 'retired', replacement: 'small' } },
    ];
    const error = refusalOf(() => choose('old', { sketches }));
    expect(error).toMatchObject({
      code: 'unknown_model',
      message: 'The model "old" has been retired. "small" replaces it.',
    });
  });

  test('a model that only embeds does not answer chats', () => {
    const modalities = { in: ['text'], out: ['embedding'] };
    const sketches: Sketch[] = [{ id: 'embed', provider: 'acme', more: { modalities } }];
    expect(refusalOf(() => choose('embed', { sketches }))).toMatchObject({
      code: 'unsupported',
      message: 'The model "embed" does not answer chats.',
    });
  });

  test('a request is refused as too long only when it surely is', () => {
    const context = { window: 10_000, maxInput: null, maxOutput: 1_000 };
    const sketches: Sketch[] = [{ id: 'narrow', provider: 'acme', more: { context } }];
    expect(namesOf(choose('narrow', { sketches, request: longText(8_500) }))).toEqual(['acme:narrow']);
    const error = refusalOf(() => choose('narrow', { sketches, request: longText(12_000) }));
    expect(error).toMatchObject({ code: 'context_too_long', status: 400 });
    expect(error.message).toBe('The request is too long for "narrow", which holds 10,000 tokens.');
  });
});

describe('the baseline', () => {
  const registry = registryOf([
    ...SKETCHES,
    { id: 'priceless', provider: 'acme', quality: 99 },
    { id: 'fading', provider: 'acme', quality: 98, price: [1, 1], more: { status: 'legacy' } },
  ]);

  test('is the best active model with a price, unless one is configured', () => {
    expect(baselineFor(registry, null)?.id).toBe('giant');
    expect(baselineFor(registry, 'acme/medium')?.id).toBe('medium');
  });

  test('is null when the configured one does not exist', () => {
    expect(baselineFor(registry, 'typo')).toBeNull();
  });

  test('could have answered the request', () => {
    const blind = registryOf([
      { id: 'blind', provider: 'acme', quality: 90, price: [1, 1], can: { vision: false } },
      { id: 'seeing', provider: 'acme', quality: 50, price: [1, 1] },
    ]);
    const messages: ChatRequest['messages'] = [
      { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://example.org' } }] },
    ];
    expect(baselineFor(blind, null, ask('auto', { messages }))?.id).toBe('seeing');
    expect(baselineFor(blind, null, ask('auto'))?.id).toBe('blind');
    expect(baselineFor(registryOf([]), null)).toBeNull();
  });
});

test('a price that changes at midnight is followed without a new catalogue', () => {
  const row = (from: string | null, until: string | null, input: number) => ({
    tier: 'standard',
    from,
    until,
    rates: { input, output: 0 },
  });
  const more = { prices: [row(null, '2026-11-24', 1), row('2026-11-24', null, 2)] };
  let at = NOON;
  const router = routerOf([{ id: 'dated', provider: 'acme', more }], { now: () => at });
  const costOf = () =>
    router.choose({ request: ask('dated'), classification: judged() }).decision.candidates[0]?.expectedCostNanoUsd ?? 0;
  const before = costOf();
  at += 24 * 3_600_000;
  expect(costOf()).toBe(before * 2);
});
