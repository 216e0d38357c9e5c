import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { EmbeddingInput, EmbeddingRequest } from '../../chat/embedding.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { googleEmbed } from './index.ts';

const one = (body: unknown) => googleEmbed.parseRequest(body, { model: 'm', shape: 'one' });
const many = (body: unknown) => googleEmbed.parseRequest(body, { model: 'models/m', shape: 'many' });
const content = (...texts: string[]) => ({ parts: texts.map((text) => ({ text })) });
const text = (value: string) => ({ type: 'text' as const, text: value });

test('one text and a batch of them are read, in both spellings', () => {
  expect(one({ content: content('a', 'b'), output_dimensionality: '8', taskType: 'X', title: 't' })).toMatchObject({
    model: 'm',
    shape: 'one',
    inputs: [{ parts: [text('a'), text('b')], dimensions: 8, param: 'content' }],
    extras: ['taskType', 'title'],
  });
  const batch = {
    requests: [
      { model: 'models/m', content: content('a') },
      { content: content('b'), task_type: 'X' },
    ],
  };
  expect(many(batch)).toMatchObject({
    model: 'm',
    shape: 'many',
    inputs: [
      { parts: [text('a')], param: 'requests[0].content' },
      { parts: [text('b')], param: 'requests[1].content' },
    ],
    extras: ['taskType'],
    original: { body: batch },
  });
});

test('options are read where newer requests put them', () => {
  const request = one({ content: content('a'), embedContentConfig: { outputDimensionality: 8, autoTruncate: true } });
  expect(request).toMatchObject({ inputs: [{ dimensions: 8 }], extras: ['autoTruncate'] });
});

test('a part that is no text is kept by its name', () => {
  const { inputs } = one({ content: { parts: { inline_data: { mime_type: 'image/png', data: '' } } } });
  expect(inputs[0]?.parts).toEqual([{ type: 'other', name: 'inlineData' }]);
});

test.each([
  [one, {}, 'content'],
  [one, { content: 'text' }, 'content'],
  [one, { content: {} }, 'content.parts'],
  [one, { content: { parts: [] } }, 'content.parts'],
  [one, { content: { parts: [{ text: 7 }] } }, 'content.parts[0].text'],
  [one, { content: content('a'), outputDimensionality: 1.5 }, 'outputDimensionality'],
  [many, {}, 'requests'],
  [many, { requests: [] }, 'requests'],
  [many, { requests: [null] }, 'requests[0]'],
  [many, { requests: [{ content: content('a') }, {}] }, 'requests[1].content'],
])('%p refuses %j, naming %s', (parse, body, param) => {
  expect(refusalOf(() => parse(body))).toMatchObject({ code: 'invalid_request', param });
});

test.each([[null], [[]], ['text'], [7]])('%j is no request', (body) => {
  expect(refusalOf(() => one(body)).code).toBe('invalid_request');
});

test('the model is renamed wherever the client put it, and nowhere else', () => {
  const given = {
    requests: [{ model: 'models/google/m', content: 1, novelty: [] }, { content: 2 }, 7],
    model: 'google/m',
  };
  expect(googleEmbed.retarget(given, 'n')).toEqual({
    requests: [{ model: 'models/n', content: 1, novelty: [] }, { content: 2 }, 7],
    model: 'n',
  });
  expect(googleEmbed.retarget({ content: 1 }, 'n')).toEqual({ content: 1 });
  expect(googleEmbed.retarget({ requests: { model: 'models/m' } }, 'n')).toEqual({ requests: { model: 'models/n' } });
});

const foreign = (inputs: EmbeddingInput[], fields: Partial<EmbeddingRequest> = {}): EmbeddingRequest => ({
  ...{ model: 'm', shape: 'many', inputs, encoding: 'base64', extras: [] },
  original: { dialect: 'another', body: {}, headers: {} },
  ...fields,
});
const inputs = (count: number): EmbeddingInput[] =>
  Array.from({ length: count }, (_, index) => ({ parts: [text(`${index}`)], param: `input[${index}]` }));

test('a request of another dialect becomes a batch', () => {
  const [input] = inputs(1);
  const request = foreign([{ ...input!, dimensions: 8 }], { extras: ['user'] });
  expect(googleEmbed.renderRequest(request, 'n')).toEqual({
    bodies: [{ requests: [{ model: 'models/n', content: content('0'), outputDimensionality: 8 }] }],
    shape: 'many',
    dropped: ['user'],
  });
});

test('more texts than a batch holds become several, in order', () => {
  const { bodies } = googleEmbed.renderRequest(foreign(inputs(201)), 'n');
  expect(bodies.map(({ requests }) => (requests as unknown[]).length)).toEqual([100, 100, 1]);
  expect(bodies[2]).toEqual({ requests: [{ model: 'models/n', content: content('200') }] });
});

test('what this wire cannot say is refused, and named', () => {
  const tokens = foreign([{ parts: [{ type: 'tokens', tokens: [1] }], param: 'input' }]);
  const refused = refusalOf(() => googleEmbed.renderRequest(tokens, 'n'));
  expect(refused).toMatchObject({ code: 'unsupported', param: 'input' });
  expect(refused.message).toContain('tokens');
  const odd = foreign(inputs(1), { encoding: 'other' });
  expect(refusalOf(() => googleEmbed.renderRequest(odd, 'n')).param).toBe('encoding_format');
  expect(refusalOf(() => googleEmbed.renderRequest(foreign(inputs(2049)), 'n')).param).toBe('input');
});

test('both replies are read, and counted where Google counts', () => {
  expect(googleEmbed.parseReply({ embedding: { values: [1] } })).toEqual({ vectors: [[1]], usage: null, model: null });
  const usageMetadata = {
    promptTokenCount: 10,
    promptTokenDetails: [
      { modality: 'AUDIO', tokenCount: 4 },
      { modality: 'TEXT', tokenCount: 6 },
    ],
  };
  expect(googleEmbed.parseReply({ embeddings: [{ values: [1] }, { values: [2] }], usageMetadata })).toEqual({
    vectors: [[1], [2]],
    usage: { ...NO_USAGE, input: 6, audioInput: 4 },
    model: null,
  });
});

test.each([
  null,
  'text',
  {},
  { embedding: [] },
  { embeddings: [7] },
  { embedding: {} },
  { embedding: { values: ['1'] } },
])('%j is garbled', (body) => {
  expect(refusalOf(() => googleEmbed.parseReply(body)).code).toBe('provider_garbled');
});

test('a reply is told in the shape it was asked in; an estimate is not told as a count', () => {
  const usage = { ...NO_USAGE, input: 5 };
  const single = one({ content: content('a') });
  const batch = many({ requests: [{ content: content('a') }] });
  expect(googleEmbed.renderReply([[1]], { request: single, model: 'm', usage })).toEqual({
    embedding: { values: [1] },
    usageMetadata: { promptTokenCount: 5 },
  });
  const estimated = { ...usage, isEstimated: true };
  expect(googleEmbed.renderReply([[1]], { request: batch, model: 'm', usage: estimated })).toEqual({
    embeddings: [{ values: [1] }],
  });
});

test('nothing that is JSON makes it throw anything but a GatewayError', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const content = fc.record({ parts: fc.oneof(json, fc.array(fc.record({ text: json }))) });
  const request = fc.record({ content: fc.oneof(content, json), outputDimensionality: json, embedContentConfig: json });
  const batch = fc.record({ requests: fc.oneof(json, fc.array(fc.oneof(request, json))) });
  const reply = fc.record({ embeddings: fc.array(fc.oneof(json, fc.record({ values: json }))), usageMetadata: json });
  fc.assert(fc.property(fc.oneof(request, json), (body) => holds(() => one(body))));
  fc.assert(fc.property(fc.oneof(batch, json), (body) => holds(() => many(body))));
  fc.assert(fc.property(fc.oneof(reply, json), (body) => holds(() => googleEmbed.parseReply(body))));
});

function holds(act: () => unknown): boolean {
  try {
    act();
  } catch (thrown) {
    return thrown instanceof GatewayError;
  }
  return true;
}
