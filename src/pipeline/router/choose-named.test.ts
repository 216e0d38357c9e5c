import { describe, expect, test } from 'bun:test';
import type { GatewayError } from '../../errors.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { routerOf, type Sketch } from './fixture.ts';

const vectors = (modalities: string[] = ['text']) => ({ modalities: { in: modalities, out: ['embedding'] } });
const SKETCHES: Sketch[] = [
  { id: 'chatty', provider: 'acme', price: [1, 5] },
  {
    id: 'vectors',
    provider: 'acme',
    price: [0.2, 0],
    more: { ...vectors(), aliases: [{ id: 'vectors-1', kind: 'snapshot' }] },
  },
  { id: 'vectors', provider: 'bell', price: [0.1, 0], more: vectors() },
  { id: 'other-vectors', provider: 'bell', price: [0.1, 0], more: vectors() },
  { id: 'lonely-vectors', provider: 'shed', price: [0, 0], more: vectors() },
  { id: 'old-vectors', provider: 'acme', more: { ...vectors(), status: 'retired', replacement: 'vectors' } },
];
const isConnected = (providerId: string) => providerId !== 'shed';
const router = () => routerOf(SKETCHES, { isConnected });

const embedders = (model: string, fallbackModels: string[] = []) =>
  router()
    .embedders({ model, fallbackModels, promptTokens: 10 })
    .map(({ providerId, name }) => `${providerId}:${name}`);

describe('who makes vectors', () => {
  test('is the model that was named, from whoever offers it, cheapest first', () => {
    expect(embedders('vectors')).toEqual(['bell:vectors', 'acme:vectors']);
    expect(embedders('acme/vectors')).toEqual(['acme:vectors']);
    expect(embedders('vectors-1')).toEqual(['acme:vectors-1']);
  });

  test('and after it those that were named as fallbacks and can', () => {
    expect(embedders('acme/vectors', ['chatty', 'no-such-model', 'other-vectors', 'acme/vectors'])).toEqual([
      'acme:vectors',
      'bell:other-vectors',
    ]);
    expect(embedders('lonely-vectors', ['other-vectors'])).toEqual(['bell:other-vectors']);
  });

  test.each([
    ['no-such-vectors', 'unknown_model', 'no-such-vectors'],
    ['old-vectors', 'unknown_model', 'replaces it'],
    ['chatty', 'unsupported', 'does not make embeddings'],
    ['lonely-vectors', 'no_provider', 'shed'],
    ['auto', 'unsupported', 'cannot be compared'],
    ['auto:best', 'invalid_request', 'auto:best'],
  ])('is nobody for %s, which is %s', (model, code, words) => {
    expect(refusalOf(() => embedders(model))).toMatchObject({
      code,
      param: 'model',
      message: expect.stringContaining(words),
    });
  });

  test("may be an operator's own model, of which nobody told that it cannot", () => {
    const provenance = { url: '', fetchedAt: '', sha256: null, parser: 'operator', confirmedBy: [], pinned: true };
    const own = routerOf([{ id: 'nomic', provider: 'shed', more: { provenance } }]);
    expect(own.embedders({ model: 'nomic', fallbackModels: [], promptTokens: 10 })).toHaveLength(1);
  });
});

describe('who counts', () => {
  const counters = (model: string) =>
    router()
      .counters(model)
      .map(({ providerId, name }) => `${providerId}:${name}`);

  test('is whoever offers the model, with a key or without', () => {
    expect(counters('chatty')).toEqual(['acme:chatty']);
    expect(counters('lonely-vectors')).toEqual(['shed:lonely-vectors']);
    expect(counters('auto')).toEqual([]);
  });

  test.each([
    ['no-such-model', 'unknown_model'],
    ['old-vectors', 'unknown_model'],
    ['auto:best', 'invalid_request'],
  ])('is nobody for %s', (model, code) => {
    expect(refusalOf(() => counters(model)).code).toBe(code as GatewayError['code']);
  });
});
