import { describe, expect, test } from 'bun:test';
import type { Message } from '../../chat/request.ts';
import { foreignRequest, reasoner, target } from '../openai-common/test-requests.ts';
import { parseRequest } from './parse-request.ts';
import { renderRequest, retarget } from './render-request.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const png = { type: 'image' as const, source: { type: 'base64' as const, mediaType: 'image/png', data: 'AAAA' } };

function rendered(messages: Message[], system = [text('Be brief.')]) {
  return renderRequest(foreignRequest({ system, messages }), target()).body.messages;
}

describe('the body of a client of the same dialect', () => {
  const body = { messages: [{ role: 'user', content: 'Hello' }], model: 'auto', stream: true, seed: 1 };

  test('only the model changes, and a stream is asked for its counts', () => {
    const sent = retarget(body, target({ stream: true }));
    expect(sent).toEqual({ ...body, model: 'gpt-x', stream_options: { include_usage: true } });
    expect(Object.keys(sent)).toEqual(['messages', 'model', 'stream', 'seed', 'stream_options']);
    expect(sent.messages).toBe(body.messages);
    expect(body.model).toBe('auto');
  });

  test('other stream options are kept, and go away with the stream', () => {
    const asked = { ...body, stream_options: { include_obfuscation: false } };
    expect(retarget(asked, target({ stream: true })).stream_options).toEqual({
      include_obfuscation: false,
      include_usage: true,
    });
    expect(retarget(asked, target())).toEqual({ ...body, model: 'gpt-x', stream: false });
  });
});

describe('the conversation', () => {
  test('instructions, thoughts without our proof, calls and results take their places', () => {
    const messages = rendered([
      { role: 'user', content: [text('Look'), png] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', signature: { dialect: 'another', value: 'proof' } },
          text('I will '),
          text('look.'),
          { type: 'tool-call', id: 'c1', name: 'look', argumentsText: '{}' },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool-result', callId: 'c1', content: [text('seen')], isError: false }, text('So?')],
      },
    ]);
    expect(messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [text('Look'), { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
      },
      {
        role: 'assistant',
        content: 'I will look.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'seen' },
      { role: 'user', content: 'So?' },
    ]);
  });

  test('a turn of calls only has null content', () => {
    const call = { type: 'tool-call' as const, id: 'c', name: 'look', argumentsText: '{}' };
    expect(rendered([{ role: 'assistant', content: [call] }], [])).toMatchObject([{ content: null }]);
  });

  test('all results follow the calls at once, and their images come behind them', () => {
    const messages = rendered(
      [
        { role: 'user', content: [{ type: 'tool-result', callId: 'c1', content: [text('a'), png], isError: false }] },
        { role: 'user', content: [{ type: 'tool-result', callId: 'c2', content: [png], isError: false }, text('b')] },
      ],
      [],
    );
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    expect(messages).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: 'a' },
      { role: 'tool', tool_call_id: 'c2', content: 'The result is attached below.' },
      { role: 'user', content: [image] },
      { role: 'user', content: [image, text('b')] },
    ]);
  });

  test('a failed call says so in its text', () => {
    const failed = (content: string[]) =>
      rendered(
        [{ role: 'user', content: [{ type: 'tool-result', callId: 'c', content: content.map(text), isError: true }] }],
        [],
      );
    expect(failed(['no such file'])).toMatchObject([{ content: 'Error: no such file' }]);
    expect(failed(['error 5'])).toMatchObject([{ content: 'error 5' }]);
    expect(failed([])).toMatchObject([{ content: 'Error: the tool failed.' }]);
  });

  test('an id too long for OpenAI is shortened the same way for call and result', () => {
    const id = 'x'.repeat(60);
    const messages = JSON.stringify(
      rendered(
        [
          { role: 'assistant', content: [{ type: 'tool-call', id, name: 'look', argumentsText: '{}' }] },
          { role: 'user', content: [{ type: 'tool-result', callId: id, content: [text('a')], isError: false }] },
        ],
        [],
      ),
    );
    const ids = [...messages.matchAll(/call_[0-9a-f]{32}/g)].map(([found]) => found);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1] ?? '');
  });

  test('a text file is sent as its text, a PDF as a file, and what Chat cannot carry is refused', () => {
    const file = (mediaType: string, data: string) => ({
      type: 'file' as const,
      source: { type: 'base64' as const, mediaType, data },
    });
    const note = Buffer.from('hello').toString('base64');
    expect(
      rendered([{ role: 'user', content: [file('text/plain', note), file('application/pdf', 'AA')] }], []),
    ).toEqual([
      {
        role: 'user',
        content: [
          text('hello'),
          { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA' } },
        ],
      },
    ]);
    const video = () => rendered([{ role: 'user', content: [file('video/mp4', 'AA')] }]);
    expect(video).toThrow(expect.objectContaining({ code: 'unsupported' }));
    const linked = { type: 'file' as const, source: { type: 'url' as const, url: 'https://example.com/a.pdf' } };
    expect(() => rendered([{ role: 'user', content: [linked] }])).toThrow(/file that is named by its URL/);
  });

  test('content of another dialect is left out and named', () => {
    const other = { type: 'other' as const, dialect: 'another', value: { type: 'odd' } };
    const { body, dropped } = renderRequest(
      foreignRequest({ messages: [{ role: 'user', content: [other, text('a')] }] }),
      target(),
    );
    expect(body.messages).toEqual([{ role: 'user', content: 'a' }]);
    expect(dropped).toEqual(['another content']);
  });
});

describe('parameters', () => {
  const sampling = {
    temperature: 0.2,
    topP: 0.5,
    presencePenalty: 1,
    frequencyPenalty: 1,
    topLogprobs: 2,
    stop: ['END'],
  };

  test('a plain model takes them all', () => {
    const request = foreignRequest({
      ...sampling,
      seed: 1,
      choices: 2,
      maxOutputTokens: 9000,
      user: 'ann',
      stream: true,
    });
    expect(renderRequest(request, target({ stream: true, maxOutputTokens: 4096 }))).toMatchObject({
      dropped: [],
      body: {
        model: 'gpt-x',
        temperature: 0.2,
        top_p: 0.5,
        presence_penalty: 1,
        frequency_penalty: 1,
        logprobs: true,
        top_logprobs: 2,
        stop: ['END'],
        seed: 1,
        n: 2,
        max_tokens: 4096,
        user: 'ann',
        stream: true,
        stream_options: { include_usage: true },
      },
    });
  });

  test('a reasoning model is spared what it refuses, and is spoken to as a developer', () => {
    const request = foreignRequest({ ...sampling, system: [text('Be brief.')], maxOutputTokens: 50 });
    const { body, dropped } = renderRequest(request, reasoner());
    expect(dropped).toEqual(Object.keys(sampling).map((name) => (name === 'topLogprobs' ? 'logprobs' : name)));
    expect(Object.keys(body)).toEqual(['model', 'messages', 'max_completion_tokens']);
    expect(body.messages).toMatchObject([{ role: 'developer' }, { role: 'user' }]);
  });

  test.each([
    [{ effort: 'xhigh' as const }, ['low', 'medium', 'high'], 'high'],
    [{ effort: 'minimal' as const }, ['none', 'low', 'high'], 'low'],
    [{ effort: 'none' as const }, ['minimal', 'low'], 'minimal'],
    [{ effort: 'max' as const }, [], 'max'],
    [{ budgetTokens: 0 }, ['none', 'low'], 'none'],
    [{ budgetTokens: 2000 }, ['low', 'medium', 'high'], 'low'],
    [{ budgetTokens: 50_000 }, ['low', 'medium', 'high'], 'high'],
    [{ budgetTokens: -1 }, ['none', 'low', 'medium', 'high'], 'medium'],
    [{ isAdaptive: true }, ['low'], undefined],
  ])('%j becomes, of %j, the effort %p', (reasoning, efforts, effort) => {
    expect(renderRequest(foreignRequest({ reasoning }), reasoner(...efforts)).body.reasoning_effort).toBe(effort);
  });

  test('what has no place in Chat is named', () => {
    const request = foreignRequest({
      topK: 5,
      metadata: { a: 'b' },
      serviceTier: 'odd',
      reasoning: { effort: 'high' },
      extras: { safetySettings: [] },
      messages: [{ role: 'assistant', content: [text('The answer is')] }],
    });
    const { dropped } = renderRequest(request, target());
    expect(dropped).toEqual(['topK', 'reasoning', 'serviceTier', 'metadata', 'safetySettings', 'prefill']);
  });

  test('a schema gets a legal name, and plain JSON the word that OpenAI demands', () => {
    const schema = { type: 'object' };
    const named = renderRequest(
      foreignRequest({ output: { type: 'json-schema', name: 'my answer', schema } }),
      target(),
    );
    expect(named.body.response_format).toEqual({ type: 'json_schema', json_schema: { name: 'my_answer', schema } });

    const plain = foreignRequest({ output: { type: 'json' } });
    expect(renderRequest(plain, target()).body.messages).toHaveLength(1);
    const silent = { ...plain, messages: [{ role: 'user' as const, content: [text('Hello')] }] };
    expect(renderRequest(silent, target()).body.messages).toMatchObject([
      { content: 'Answer with a JSON object.' },
      {},
    ]);
  });
});

test('a conversation that grows begins with the same bytes, and equal requests are equal bytes', () => {
  const start: Message[] = [
    { role: 'user', content: [text('Hello')] },
    {
      role: 'assistant',
      content: [text('Hi.'), { type: 'tool-call', id: 'c', name: 'look', argumentsText: '{"a":1}' }],
    },
  ];
  const more: Message[] = [
    { role: 'user', content: [{ type: 'tool-result', callId: 'c', content: [text('a')], isError: false }] },
  ];
  const short = JSON.stringify(rendered(start));
  expect(JSON.stringify(rendered(start))).toBe(short);
  expect(JSON.stringify(rendered([...start, ...more])).startsWith(short.slice(0, -1))).toBe(true);
});

test('a request of our own survives being written and read again', () => {
  const body = {
    model: 'gpt-x',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        reasoning_details: [{ type: 'reasoning.encrypted', data: 'abc', format: 'vendor-v1', index: 0 }],
        tool_calls: [
          {
            id: 'c',
            type: 'function',
            function: { name: 'look', arguments: '{}' },
            extra_content: { vendor: { proof: 'p' } },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'c', content: 'seen' },
    ],
    tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
    tool_choice: 'auto',
    temperature: 0.5,
    max_tokens: 10,
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {}, strict: true } },
    logit_bias: { '1': 1 },
  };
  const first = parseRequest(body, {});
  const { body: sent, dropped } = renderRequest(first, target());
  expect(sent).toEqual(body);
  expect(dropped).toEqual([]);
  expect(parseRequest(sent, {})).toEqual(first);
});
