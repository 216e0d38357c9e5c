import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { EmbeddingRequest } from '../../chat/embedding.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { encodeFloat32 } from '../../lib/float32.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { openaiEmbeddings } from './index.ts';

const parse = (fields: Record<string, unknown>) => openaiEmbeddings.parseRequest({ model: 'm', ...fields }, {});
const partsOf = ({ inputs }: EmbeddingRequest) => inputs.map(({ parts, param }) => [param, parts[0]]);

function refusal(act: () => unknown) {
  const { code, param } = refusalOf(act);
  return { code, param };
}

test('every form of input is read, each with its place', () => {
  expect(partsOf(parse({ input: 'one' }))).toEqual([['input', { type: 'text', text: 'one' }]]);
  expect(partsOf(parse({ input: ['one', 'two'] }))).toEqual([
    ['input[0]', { type: 'text', text: 'one' }],
    ['input[1]', { type: 'text', text: 'two' }],
  ]);
  expect(partsOf(parse({ input: [1, 2] }))).toEqual([['input', { type: 'tokens', tokens: [1, 2] }]]);
  expect(partsOf(parse({ input: [[1], [2, 3]] }))).toEqual([
    ['input[0]', { type: 'tokens', tokens: [1] }],
    ['input[1]', { type: 'tokens', tokens: [2, 3] }],
  ]);
  expect(partsOf(parse({ input: [{ image: 'x' }] }))).toEqual([['input[0]', { type: 'other', name: 'an object' }]]);
});

test('encoding, dimensions and what has no word here are told apart', () => {
  const request = parse({ input: 'x', dimensions: 8, encoding_format: 'base64', user: 'ada', input_type: null });
  expect(request).toMatchObject({ encoding: 'base64', extras: ['user'], inputs: [{ dimensions: 8 }] });
  expect(parse({ input: 'x', encoding_format: 'float' }).encoding).toBe('numbers');
  expect(parse({ input: 'x', encoding_format: 'int8' }).encoding).toBe('other');
});

test.each([
  [{}, 'input'],
  [{ input: null }, 'input'],
  [{ input: 7 }, 'input'],
  [{ input: [] }, 'input'],
  [{ input: {} }, 'input'],
  [{ input: ['a', 7] }, 'input[1]'],
  [{ input: [[]] }, 'input[0]'],
  [{ input: [[1.5]] }, 'input[0]'],
  [{ input: [-1] }, 'input[0]'],
  [{ input: 'x', dimensions: '8' }, 'dimensions'],
  [{ input: 'x', model: '' }, 'model'],
  [{ input: 'x', model: null }, 'model'],
])('%j is refused, naming %s', (fields, param) => {
  expect(refusal(() => parse(fields))).toEqual({ code: 'invalid_request', param });
});

test.each([[null], [[]], ['text'], [7]])('%j is no request', (body) => {
  expect(refusal(() => openaiEmbeddings.parseRequest(body, {})).code).toBe('invalid_request');
});

test('only the model changes on the way to a provider of the same dialect', () => {
  const body = { model: 'openai/m', input: [1, 2], encoding_format: 'base64', user: 'ada', novelty: { deep: [1] } };
  expect(openaiEmbeddings.retarget(body, 'm')).toEqual({ ...body, model: 'm' });
});

const foreign = (inputs: EmbeddingRequest['inputs'], extras: string[] = []): EmbeddingRequest => ({
  model: 'm',
  shape: 'many',
  inputs,
  encoding: 'numbers',
  extras,
  original: { dialect: 'another', body: {}, headers: {} },
});
const text = (value: string) => ({ type: 'text' as const, text: value });

test('a request of another dialect becomes one list of texts', () => {
  const inputs = [
    { parts: [text('a'), text('b')], param: 'x', dimensions: 8 },
    { parts: [text('c')], param: 'y', dimensions: 8 },
  ];
  expect(openaiEmbeddings.renderRequest(foreign(inputs, ['taskType']), 'n')).toEqual({
    bodies: [{ model: 'n', input: ['a\nb', 'c'], dimensions: 8 }],
    shape: 'many',
    dropped: ['taskType'],
  });
});

test('what this wire cannot say is refused, and named', () => {
  const image = { parts: [text('a'), { type: 'other' as const, name: 'inlineData' }], param: 'content' };
  expect(refusal(() => openaiEmbeddings.renderRequest(foreign([image]), 'n'))).toEqual({
    code: 'unsupported',
    param: 'content',
  });
  const uneven = [
    { parts: [text('a')], param: 'first', dimensions: 8 },
    { parts: [text('b')], param: 'second', dimensions: 16 },
  ];
  expect(refusal(() => openaiEmbeddings.renderRequest(foreign(uneven), 'n')).param).toBe('second');
});

const reply = (...data: unknown[]) => ({ object: 'list', data, model: 'm-1', usage: { prompt_tokens: 3 } });

test('vectors are read in both encodings and put in the order of their index', () => {
  const body = reply({ index: 1, embedding: [3, 4] }, { index: 0, embedding: encodeFloat32([1, 2]) });
  expect(openaiEmbeddings.parseReply(body)).toEqual({
    vectors: [
      [1, 2],
      [3, 4],
    ],
    model: 'm-1',
    usage: { ...NO_USAGE, input: 3 },
  });
});

test('servers that number nothing, or everything 0, are read in their order', () => {
  const zeros = reply({ index: 0, embedding: [1] }, { index: 0, embedding: [2] });
  const none = reply({ embedding: [1] }, { embedding: [2] });
  for (const body of [zeros, none]) expect(openaiEmbeddings.parseReply(body).vectors).toEqual([[1], [2]]);
});

test('a server that does not count has no usage', () => {
  for (const usage of [undefined, null, {}, { prompt_tokens: 0, total_tokens: 0 }, { prompt_tokens: 'many' }]) {
    expect(openaiEmbeddings.parseReceipt({ data: [], usage }).usage).toBeNull();
  }
  expect(openaiEmbeddings.parseReceipt({ data: [], usage: { total_tokens: 4 } }).usage?.input).toBe(4);
});

test.each([
  null,
  'text',
  {},
  { data: {} },
  reply(7),
  reply({ embedding: [] }),
  reply({ embedding: ['1'] }),
  reply({ embedding: 'AAA' }),
  reply({ index: 1e9 }),
])('%j is garbled', (body) => {
  expect(refusal(() => openaiEmbeddings.parseReply(body)).code).toBe('provider_garbled');
});

test('a reply is told as numbers or as base64, as it was asked', () => {
  const usage = { ...NO_USAGE, input: 5 };
  const tell = (format: string) =>
    openaiEmbeddings.renderReply([[1, 2]], {
      request: parse({ input: 'x', encoding_format: format }),
      model: 'm',
      usage,
    });
  expect(tell('float')).toEqual({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [1, 2] }],
    model: 'm',
    usage: { prompt_tokens: 5, total_tokens: 5 },
  });
  expect(tell('base64')).toMatchObject({ data: [{ embedding: encodeFloat32([1, 2]) }] });
});

test('nothing that is JSON makes it throw anything but a GatewayError', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const request = fc.record(
    { model: json, input: json, dimensions: json, encoding_format: json },
    { requiredKeys: [] },
  );
  const reply = fc.record({
    data: fc.array(fc.record({ index: json, embedding: json }, { requiredKeys: [] })),
    usage: json,
  });
  fc.assert(fc.property(fc.oneof(request, json), (body) => holds(() => openaiEmbeddings.parseRequest(body, {}))));
  fc.assert(fc.property(fc.oneof(reply, json), (body) => holds(() => openaiEmbeddings.parseReply(body))));
});

function holds(act: () => unknown): boolean {
  try {
    act();
  } catch (thrown) {
    return thrown instanceof GatewayError;
  }
  return true;
}
