import { describe, expect, test } from 'bun:test';
import { collect } from '../../chat/reply.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { contextOf, foreignRequest, reasoner, target } from '../openai-common/test-requests.ts';
import { openaiResponses, statefulFields } from './index.ts';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const deep = nested(100_000);

const HOSTILE: unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  Number.POSITIVE_INFINITY,
  1e9,
  '',
  'constructor',
  '__proto__',
  'dialects/',
  'dialects/{"signature":{"dialect":1}}',
  [],
  [[]],
  [null],
  {},
  { error: {} },
  JSON.parse('{"__proto__":{"type":"input_text"}}'),
  deep,
];

const seal = `dialects/${JSON.stringify({ signature: { dialect: 'another', value: 'p' } })}`;

const conversation: JsonObject = {
  model: 'gpt-x',
  stream: true,
  instructions: 'a',
  include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
  top_logprobs: 2,
  input: [
    { role: 'user', content: [{ type: 'input_text', text: 'a', prompt_cache_breakpoint: { ttl: '12h' } }] },
    { role: 'user', content: [{ type: 'input_image', image_url: 'data:,', detail: 'low' }] },
    { role: 'user', content: [{ type: 'input_file', filename: 'a', file_data: 'AA==' }] },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'b' }], encrypted_content: seal },
    { type: 'reasoning', id: 'rs_2', content: [{ type: 'reasoning_text', text: 'b' }] },
    { type: 'message', id: 'msg_1', role: 'assistant', phase: 'p', content: [{ type: 'output_text', text: 'c' }] },
    { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' },
    { type: 'custom_tool_call', call_id: 'd', name: 'g', input: 'x' },
    { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'e' }] },
    { type: 'custom_tool_call_output', call_id: 'd', output: 'f' },
    { type: 'item_reference', id: 'msg_2' },
  ],
  tools: [
    { type: 'function', name: 'f', parameters: {}, strict: true, defer_loading: true },
    { type: 'custom', name: 'g', format: { type: 'grammar', syntax: 'lark' } },
  ],
  tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
  text: { format: { type: 'json_schema', name: 'n', schema: {} }, verbosity: 'low' },
  reasoning: { effort: 'low', summary: 'auto' },
  metadata: { a: 'b' },
};

const reply: JsonObject = {
  id: 'i',
  object: 'response',
  model: 'm',
  status: 'incomplete',
  incomplete_details: { reason: 'max_output_tokens' },
  service_tier: 'default',
  prompt_cache_options: { ttl: '12h' },
  output: [
    { type: 'reasoning', id: 'rs_1', summary: [{ text: 'a' }], content: [{ text: 'b' }], encrypted_content: 'E' },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      content: [
        {
          type: 'output_text',
          text: 'c',
          annotations: [{ type: 'url_citation', url: 'u' }],
          logprobs: [{ token: 't', logprob: -1, top_logprobs: [{ token: 't', logprob: -1 }] }],
        },
        { type: 'refusal', refusal: 'd' },
      ],
    },
    { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'd', name: 'g', input: 'x' },
  ],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { cached_tokens: 1 } },
};

const failure = { error: { message: 'm', type: 't', param: 'p', code: 'c' } };

const fragments: JsonObject[] = [
  { type: 'response.created', response: { id: 'i', model: 'm' } },
  { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg_1' } },
  { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'a', logprobs: [{ token: 't' }] },
  { type: 'response.output_text.annotation.added', output_index: 0, content_index: 0, annotation: { url: 'u' } },
  { type: 'response.refusal.delta', output_index: 0, content_index: 1, delta: 'b' },
  { type: 'response.output_item.done', output_index: 0, item: { type: 'message', id: 'msg_1', content: [] } },
  { type: 'response.output_item.added', output_index: 1, item: { type: 'reasoning', id: 'rs_1' } },
  { type: 'response.reasoning_summary_text.delta', output_index: 1, summary_index: 0, delta: 'c' },
  { type: 'response.output_item.added', output_index: 2, item: { type: 'function_call', call_id: 'c', name: 'f' } },
  { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{' },
  { type: 'response.completed', response: { output: [], usage: { input_tokens: 1 } } },
];

/** The value with each of its fields, however deep, in turn replaced by each hostile value. */
function* variantsOf(value: unknown, hostile = HOSTILE): Generator<unknown> {
  yield* hostile;
  const entries = Array.isArray(value) ? [...value.entries()] : isJsonObject(value) ? Object.entries(value) : [];
  for (const [key, inner] of entries) {
    for (const variant of variantsOf(inner, hostile)) {
      if (Array.isArray(value)) yield value.map((item, index) => (index === key ? variant : item));
      else yield { ...(value as JsonObject), [key]: variant };
    }
  }
}

const message = (data: string) => ({ kind: 'message' as const, event: null, data, frame: `data: ${data}\n\n` });

describe('hostile input', () => {
  test('in a request is refused with a GatewayError or understood', () => {
    let refused = 0;
    for (const body of variantsOf(conversation)) {
      try {
        const request = openaiResponses.parseRequest(body, {});
        JSON.stringify(openaiResponses.retarget(request.original.body, target({ stream: true })));
        JSON.stringify(openaiResponses.renderRequest(request, reasoner('low')));
        const original = { ...request.original, dialect: 'another' };
        JSON.stringify(openaiResponses.renderRequest({ ...request, original }, target()));
        statefulFields(request);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        refused++;
        expect(['invalid_request', 'unsupported']).toContain(error.code);
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  test('in a reply never throws, and ends in finish or error, in a body and in a stream', () => {
    const context = contextOf(foreignRequest());
    for (const body of variantsOf(reply)) {
      const events = openaiResponses.parseReply(body);
      expect(['finish', 'error']).toContain(events.at(-1)?.type ?? '');
      JSON.stringify(openaiResponses.renderReply(collect(events), context));
      const renderer = openaiResponses.createStreamRenderer(context);
      const text = events.map((event) => renderer.render(event)).join('');
      expect(text).toMatch(/\nevent: response\.(completed|incomplete|failed)\ndata: [^\n]+\n\n$/);
    }
  });

  test('in the frames of a stream never throws', () => {
    // What can be written as the text of a frame.
    const hostile = HOSTILE.map((value) => (value === deep ? nested(1000) : value));
    for (const [index, whole] of fragments.entries()) {
      for (const variant of variantsOf(whole, hostile)) {
        const parser = openaiResponses.createStreamParser();
        const messages = fragments.with(index, variant as JsonObject).map((one) => JSON.stringify(one) ?? '');
        const events = [...messages.flatMap((data) => parser.parse(message(data))), ...parser.end()];
        expect(['finish', 'error']).toContain(events.at(-1)?.type ?? '');
        collect(events);
      }
    }
    for (const data of ['', 'null', '[]', '"a"', '{', '{}', '[DONE]', JSON.stringify(reply), '['.repeat(100_000)]) {
      for (const kind of ['message', 'comment', 'stray'] as const) {
        const parser = openaiResponses.createStreamParser();
        const events = [...parser.parse({ ...message(data), kind }), ...parser.end()];
        expect(events.at(-1)).toMatchObject({ type: 'error' });
      }
    }
  });

  test('in an error reply never throws, and can be told to a client', () => {
    for (const body of variantsOf(failure)) {
      for (const status of [0, 200, 400, 404, 429, 500, 999]) {
        const error = openaiResponses.parseError(status, body, new Headers());
        JSON.stringify(openaiResponses.renderError(error, 'r1'));
      }
    }
  });
});

test('proofs that strange hands have held are not trusted', () => {
  const lists = '['.repeat(100_000);
  for (const value of ['', 'null', '[]', '{"item":5,"before":[5]}', `{"item":{"a":${lists}`, '{"id":5,"summary":5}']) {
    const signature = { dialect: 'openai-responses', value };
    const content = [
      { type: 'reasoning' as const, text: 'a', redacted: signature },
      { type: 'text' as const, text: 'b', signature },
      { type: 'tool-call' as const, id: 'c', name: 'f', argumentsText: '{}', signature },
    ];
    const request = foreignRequest({ messages: [{ role: 'assistant', content }] });
    JSON.stringify(openaiResponses.renderRequest(request, reasoner()).body);
  }
  const forged = JSON.stringify({ item: { type: 'odd', call_id: 'd', name: 'g', arguments: '[]', id: 'fc_1' } });
  const signature = { dialect: 'openai-responses', value: forged };
  const call = { type: 'tool-call' as const, id: 'c', name: 'f', argumentsText: '{}', signature };
  const request = foreignRequest({ messages: [{ role: 'assistant', content: [call] }] });
  expect(openaiResponses.renderRequest(request, reasoner()).body.input).toEqual([
    { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' },
  ]);
});

test('a long answer of many small fragments is read and written in a time that grows with its length only', () => {
  const parser = openaiResponses.createStreamParser();
  const renderer = openaiResponses.createStreamRenderer(contextOf(foreignRequest()));
  const feed = (fields: JsonObject) =>
    parser.parse(message(JSON.stringify(fields))).map((event) => renderer.render(event));
  const started = performance.now();
  feed({ type: 'response.created', response: { id: 'resp_1' } });
  feed({
    type: 'response.output_item.added',
    output_index: 0,
    item: { type: 'function_call', name: 'f', call_id: 'c' },
  });
  for (let index = 0; index < 20_000; index++) {
    feed({ type: 'response.function_call_arguments.delta', output_index: 0, delta: 'word } ' });
  }
  const [end] = feed({
    type: 'response.output_item.done',
    output_index: 0,
    item: { type: 'function_call', name: 'f' },
  });
  expect(end).toContain('"status":"incomplete"');
  expect(performance.now() - started).toBeLessThan(2000);
});
