import { describe, expect, test } from 'bun:test';
import type { ChatRequest } from '../../chat/request.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import type { Judgement, Routed, RouteQuestion } from './decision.ts';
import { ask, judged, lineOf, routerOf, SKETCHES, type Sketch } from './fixture.ts';

type Options = Parameters<typeof routerOf>[1];

function choose(
  model: string,
  more: { request?: Partial<ChatRequest>; judgement?: Judgement; sketches?: Sketch[]; options?: Options } = {},
): Routed {
  const question: RouteQuestion = { request: ask(model, more.request), classification: more.judgement ?? judged() };
  return routerOf(more.sketches ?? SKETCHES, more.options).choose(question);
}

const idsOf = ({ candidates }: Routed) => candidates.map(({ model }) => model.id);

describe('who may answer', () => {
  const only = (sketch: Partial<Sketch>): Sketch[] => [
    { id: 'small', provider: 'acme', quality: 40, price: [1, 2] },
    { id: 'other', provider: 'bell', quality: 60, price: [0.1, 0.1], ...sketch },
  ];
  const withContent = (...content: ChatRequest['messages'][number]['content']): Partial<ChatRequest> => ({
    messages: [{ role: 'user', content } as ChatRequest['messages'][number]],
  });
  const picture = { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } } as const;

  test('providers without a key are dropped', () => {
    const routed = choose('auto', { sketches: only({}), options: { off: ['bell'] } });
    expect(idsOf(routed)).toEqual(['small']);
    expect(lineOf(routed, 'other').reason).toBe('There is no key for bell.');
  });

  test.each([
    ['call tools', { tools: false }, { tools: [{ type: 'function', name: 'f' }] }],
    ['read images', { vision: false }, withContent(picture)],
    [
      'read PDF files',
      { pdf: false },
      withContent({ type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' } }),
    ],
    ['keep to a JSON schema', { structuredOutput: false }, { output: { type: 'json-schema', schema: {} } }],
  ] as [string, Sketch['can'], Partial<ChatRequest>][])(
    'a model that cannot %s is dropped when it has to',
    (words, can, request) => {
      const routed = choose('auto', { sketches: only({ can: can! }), request });
      expect(idsOf(routed)).toEqual(['small']);
      expect(lineOf(routed, 'other').reason).toBe(`It cannot ${words}, which the request needs.`);
      expect(idsOf(choose('auto', { sketches: only({ can: can! }) }))).toContain('other');
    },
  );

  test('not knowing whether a model can is no yes', () => {
    const routed = choose('auto', {
      sketches: only({ can: { tools: null } }),
      request: { tools: [{ type: 'function', name: 'f' }] },
    });
    expect(lineOf(routed, 'other').reason).toBe('It is not known to call tools, which the request needs.');
  });

  test('audio needs a model that listens', () => {
    const sound = { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AAAA' } } as const;
    const modalities = { in: ['text', 'audio'], out: ['text'] };
    const routed = choose('auto', { sketches: only({ more: { modalities } }), request: withContent(sound) });
    expect(idsOf(routed)).toEqual(['other']);
    expect(lineOf(routed, 'small').reason).toBe('It cannot listen to audio, which the request needs.');
  });

  test('a picture in a tool result needs eyes, too', () => {
    const result = { type: 'tool-result', callId: '1', content: [picture], isError: false } as const;
    const request = withContent({ ...result, content: [picture] });
    expect(idsOf(choose('auto', { sketches: only({ can: { vision: false } }), request }))).toEqual(['small']);
  });

  test('a request too long for a model is not sent to it', () => {
    const context = { window: 1_000, maxInput: null, maxOutput: 500 };
    const request = withContent({ type: 'text', text: 'word '.repeat(2_000) });
    const routed = choose('auto', { sketches: only({ more: { context } }), request });
    expect(idsOf(routed)).toEqual(['small']);
    expect(lineOf(routed, 'other').reason).toMatch(/^About [\d,]+ tokens do not fit into its context of 1,000\.$/);
  });

  test('a tokenizer that makes more tokens of the same text counts', () => {
    const context = { window: 3_300, maxInput: 3_000, maxOutput: 100 };
    const request = withContent({ type: 'text', text: 'word '.repeat(2_000) });
    const plain = only({ more: { context } });
    const greedy = only({ more: { context, tokenizer: { id: 'new', factor: 1.3 } } });
    expect(idsOf(choose('auto', { sketches: plain, request }))).toContain('other');
    expect(idsOf(choose('auto', { sketches: greedy, request }))).not.toContain('other');
  });

  test.each(['deprecated', 'retired', 'redirected', 'limited'])('a %s model is nobody’s automatic choice', (status) => {
    const more = { status, redirectsTo: status === 'redirected' ? 'small' : null };
    const routed = choose('auto', { sketches: only({ more }) });
    expect(routed.decision.candidates.map(({ model }) => model)).toEqual(['small']);
  });

  test('a model that writes no text is not looked at', () => {
    const modalities = { in: ['text'], out: ['embedding'] };
    expect(choose('auto', { sketches: only({ more: { modalities } }) }).decision.candidates).toHaveLength(1);
  });

  test('a tool that one wire format alone knows goes to who speaks it', () => {
    const request = { tools: [{ type: 'other', dialect: 'bellish', value: {} } as const] };
    const dialectsOf = (id: string) => [id === 'bell' ? 'bellish' : 'acmish'];
    const routed = choose('auto', { sketches: only({}), request, options: { dialectsOf } });
    expect(idsOf(routed)).toEqual(['other']);
    expect(lineOf(routed, 'small').reason).toBe('The request has a tool or part that only bellish knows.');
  });

  test('at most four are asked, and not all of one provider', () => {
    const many = Array.from({ length: 6 }, (_, index) => ({
      id: `m${index}`,
      provider: 'acme',
      quality: 50,
      price: [index + 1, 1] as [number, number],
    }));
    const sketches = [...many, { id: 'far', provider: 'bell', quality: 50, price: [99, 99] as [number, number] }];
    const routed = choose('auto', { sketches });
    expect(idsOf(routed)).toEqual(['m0', 'm1', 'm2', 'far']);
    expect(lineOf(routed, 'far').reason).toBe('Stands by in case the provider of the others cannot be reached.');
  });
});

describe('when nothing is left', () => {
  test('the error counts the reasons', () => {
    const sketches: Sketch[] = [
      { id: 'blind', provider: 'acme', quality: 50, price: [1, 1], can: { vision: false } },
      { id: 'far', provider: 'bell', quality: 50, price: [1, 1] },
      { id: 'farther', provider: 'bell', quality: 50, price: [1, 1] },
    ];
    const messages: ChatRequest['messages'] = [
      { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://example.org' } }] },
    ];
    const error = refusalOf(() => choose('auto', { sketches, request: { messages }, options: { off: ['bell'] } }));
    expect(error.code).toBe('no_candidate');
    expect(error.message).toBe(
      'No model is left to answer this request: of 3, 2 have a provider without a key, 1 cannot do what the request needs.',
    );
  });

  test('an empty catalogue says so', () => {
    expect(refusalOf(() => choose('auto', { sketches: [] })).message).toBe(
      'The catalogue holds no model that could answer a chat.',
    );
  });

  test('a catalogue without any score still routes, by cost', () => {
    const sketches: Sketch[] = [
      { id: 'b', provider: 'acme', price: [2, 2] },
      { id: 'a', provider: 'acme', price: [1, 1] },
    ];
    for (const strategy of ['cost', 'quality', 'balanced']) {
      expect(idsOf(choose(`auto:${strategy}`, { sketches }))[0]).toBe('a');
    }
  });
});
