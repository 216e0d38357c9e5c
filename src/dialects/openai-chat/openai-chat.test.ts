import { describe, expect, test } from 'bun:test';
import { collect } from '../../chat/reply.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { contextOf, foreignRequest, reasoner, target } from '../openai-common/test-requests.ts';
import { openaiChat } from './index.ts';

const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

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
  [],
  [[]],
  [null],
  {},
  { error: {} },
  [{ error: [] }],
  JSON.parse('{"__proto__":{"type":"text"}}'),
  deep,
];

const conversation: JsonObject = {
  model: 'gpt-x',
  stream: true,
  stream_options: { include_usage: true },
  messages: [
    { role: 'system', content: [{ type: 'text', text: 'a', cache_control: { ttl: '5m' } }] },
    { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,', detail: 'low' } }] },
    {
      role: 'assistant',
      content: 'b',
      audio: { id: 'a' },
      reasoning_details: [{ type: 'reasoning.text', text: 'c', signature: 's' }],
      function_call: { name: 'f', arguments: '' },
      tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' }, extra_content: { a: 1 } }],
    },
    { role: 'tool', tool_call_id: 'c', content: 'd' },
    { role: 'function', name: 'f', content: 'e' },
  ],
  tools: [{ type: 'function', function: { name: 'f', parameters: {}, strict: true } }],
  tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ function: { name: 'f' } }] } },
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {} } },
  reasoning: { effort: 'low', max_tokens: 5 },
  metadata: { a: 'b' },
};

const reply: JsonObject = {
  id: 'i',
  model: 'm',
  service_tier: 'default',
  choices: [
    {
      index: 0,
      message: {
        content: [{ type: 'thinking', thinking: [{ text: 'a' }] }],
        refusal: 'r',
        reasoning: 'b',
        reasoning_details: [{ type: 'reasoning.encrypted', data: 'd' }],
        annotations: [{ type: 'url_citation', url_citation: {}, url: 'u' }],
        audio: { transcript: 't' },
        tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{}' }, extra_content: { a: 1 } }],
      },
      logprobs: { content: [{ token: 't', logprob: -1, top_logprobs: [{ token: 't', logprob: -1 }] }] },
      finish_reason: 'stop',
      error: null,
    },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } },
};

const failure = { error: { message: 'm', type: 't', param: 'p', code: 'c', details: [{ retryDelay: '1s' }] } };

/** The value with each of its fields, however deep, in turn replaced by each hostile value. */
function* variantsOf(value: unknown): Generator<unknown> {
  yield* HOSTILE;
  const entries = Array.isArray(value) ? [...value.entries()] : isJsonObject(value) ? Object.entries(value) : [];
  for (const [key, inner] of entries) {
    for (const variant of variantsOf(inner)) {
      if (Array.isArray(value)) yield value.map((item, index) => (index === key ? variant : item));
      else yield { ...(value as JsonObject), [key]: variant };
    }
  }
}

describe('hostile input', () => {
  test('in a request is refused with a GatewayError or understood', () => {
    let refused = 0;
    for (const body of variantsOf(conversation)) {
      try {
        const request = openaiChat.parseRequest(body, {});
        openaiChat.retarget(request.original.body, target({ stream: true }));
        JSON.stringify(openaiChat.renderRequest(request, reasoner('low')));
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
      const events = openaiChat.parseReply(body);
      expect(['finish', 'error']).toContain(events.at(-1)?.type ?? '');
      JSON.stringify(openaiChat.renderReply(collect(events), context));
      const renderer = openaiChat.createStreamRenderer(context);
      expect(events.map((event) => renderer.render(event)).join('')).toEndWith('data: [DONE]\n\n');
    }
  });

  test('in the frames of a stream never throws', () => {
    for (const data of ['', 'null', '[]', '"a"', '{', '{}', '[DONE', JSON.stringify(reply), '['.repeat(100_000)]) {
      for (const kind of ['message', 'comment', 'stray'] as const) {
        const parser = openaiChat.createStreamParser();
        const events = [...parser.parse({ kind, event: null, data, frame: `data: ${data}\n\n` }), ...parser.end()];
        expect(['finish', 'error']).toContain(events.at(-1)?.type ?? '');
      }
    }
  });

  test('in an error reply never throws, and can be told to a client', () => {
    for (const body of variantsOf(failure)) {
      for (const status of [0, 200, 400, 404, 429, 500, 999]) {
        const error = openaiChat.parseError(status, body, new Headers());
        JSON.stringify(openaiChat.renderError(error, 'r1'));
      }
    }
  });
});

test('a long answer of many small fragments is read in a time that grows with its length only', () => {
  const parser = openaiChat.createStreamParser();
  const chunk = (index: number, fn: JsonObject) => {
    const data = JSON.stringify({ id: 'i', choices: [{ delta: { tool_calls: [{ index, function: fn }] } }] });
    return parser.parse({ kind: 'message', event: null, data, frame: `data: ${data}\n\n` });
  };
  const started = performance.now();
  chunk(0, { name: 'write', arguments: '{"text":"' });
  for (let index = 0; index < 20_000; index++) chunk(0, { arguments: 'word } ' });
  expect(chunk(0, { arguments: '"}' })).toMatchObject([{ type: 'tool-call-delta', argumentsText: '"}' }]);
  expect(performance.now() - started).toBeLessThan(2000);
});
