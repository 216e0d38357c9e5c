import { describe, expect, test } from 'bun:test';
import type { AssistantPart, ChatRequest, Message, UserPart } from '../../chat/request.ts';
import { isJsonObject } from '../../lib/json.ts';
import { foreignRequest, reasoner, target } from '../openai-common/test-requests.ts';
import { openaiResponses } from './index.ts';
import { ours } from './test-requests.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const user = (...content: UserPart[]): Message => ({ role: 'user', content });
const assistant = (...content: AssistantPart[]): Message => ({ role: 'assistant', content });
const png = { type: 'image' as const, source: { type: 'base64' as const, mediaType: 'image/png', data: 'AAAA' } };
const call = (id: string, more = {}) => ({
  type: 'tool-call' as const,
  id,
  name: 'look',
  argumentsText: '{}',
  ...more,
});
const thoughts = (id: string) => ({
  type: 'reasoning' as const,
  text: 'Hm.',
  redacted: ours({ encrypted_content: `sealed ${id}`, id }),
});

const render = (fields: Partial<ChatRequest>, at = target()) =>
  openaiResponses.renderRequest(foreignRequest(fields), at);
const inputOf = (...messages: Message[]) => render({ messages }).body.input;

describe('the body of a client of the same dialect', () => {
  const body = { input: [{ role: 'user', content: 'Hello' }], model: 'auto', stream: true, store: true };

  test('keeps all but the model', () => {
    const sent = openaiResponses.retarget(body, target({ stream: true }));
    expect(sent).toEqual({ ...body, model: 'gpt-x' });
    expect(Object.keys(sent)).toEqual(Object.keys(body));
    expect(sent.input).toBe(body.input);
  });

  test('loses the options of a stream with the stream', () => {
    const asked = { ...body, stream_options: { include_obfuscation: false } };
    expect(openaiResponses.retarget(asked, target())).toEqual({ ...body, model: 'gpt-x', stream: false });
  });

  test('goes without the thoughts of other vendors, and with those of its own as they were', () => {
    const seal = (foreign: object) => ({ encrypted_content: `dialects/${JSON.stringify(foreign)}` });
    const item = { type: 'reasoning', id: 'rs_gw_1', summary: [{ type: 'summary_text', text: 'Hm.' }] };
    const kept = { type: 'reasoning', id: 'rs_9', summary: [], encrypted_content: 'E' };
    const input = [
      { ...item, ...seal({ signature: { dialect: 'another', value: 'p' } }) },
      kept,
      { ...item, id: 'rs_gw_2' },
      { ...item, ...seal({ redacted: ours({ encrypted_content: 'F', id: 'rs_8' }) }) },
      { role: 'user', content: 'Hello' },
    ];
    expect(openaiResponses.retarget({ ...body, input }, target()).input).toEqual([
      kept,
      { ...item, id: 'rs_8', encrypted_content: 'F' },
      { role: 'user', content: 'Hello' },
    ]);
  });
});

describe('the conversation', () => {
  test('becomes instructions and items', () => {
    const { body, dropped } = render({
      system: [text('Be brief.')],
      messages: [
        user(text('Look'), png),
        assistant(
          { type: 'reasoning', text: 'Hm.', signature: { dialect: 'another', value: 'p' } },
          text('I will.'),
          call('c1'),
          { ...call('c2'), argumentsText: 'ls', isCustom: true },
        ),
        user(
          { type: 'tool-result', callId: 'c1', content: [text('seen')], isError: false },
          { type: 'tool-result', callId: 'c2', content: [text('a'), png], isError: true },
          text('So?'),
        ),
        { role: 'system', content: [text('Hurry.')] },
      ],
    });
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
    expect(dropped).toEqual([]);
    expect(body).toEqual({
      model: 'gpt-x',
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Look' }, image] },
        { role: 'assistant', content: 'I will.' },
        { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
        { type: 'custom_tool_call', call_id: 'c2', name: 'look', input: 'ls' },
        { type: 'function_call_output', call_id: 'c1', output: 'seen' },
        {
          type: 'custom_tool_call_output',
          call_id: 'c2',
          output: [{ type: 'input_text', text: 'Error: a' }, image],
        },
        { role: 'user', content: 'So?' },
        { role: 'system', content: 'Hurry.' },
      ],
      store: false,
    });
  });

  test('has several instructions as a message of their own, and instructions alone as input', () => {
    const { body } = render({ system: [text('One.'), text('Two.')] }, reasoner());
    expect(body).not.toHaveProperty('instructions');
    expect(body.input).toMatchObject([{ role: 'developer', content: [{ text: 'One.' }, { text: 'Two.' }] }, {}]);
    expect(render({ system: [text('One.')], messages: [] }).body).toMatchObject({
      input: [{ role: 'system', content: 'One.' }],
    });
  });

  test('brings sealed thoughts back directly before what they led to', () => {
    const after = (item: object, id: string) => ({ signature: ours({ after: id, item }) });
    const input = inputOf(
      user(text('a')),
      // As a Chat client keeps them: all thoughts, then the text, then the calls.
      assistant(
        thoughts('rs_1'),
        thoughts('rs_2'),
        { ...text('I will.'), ...after({ id: 'msg_1', phase: 'commentary' }, 'rs_1') },
        call('c1', after({ id: 'fc_1', namespace: 'n' }, 'rs_2')),
      ),
      user({ type: 'tool-result', callId: 'c1', content: [], isError: false }),
      // Cut off while it was thinking.
      assistant(thoughts('rs_3')),
    );
    const item = (id: string) => ({
      type: 'reasoning',
      id,
      summary: [{ type: 'summary_text', text: 'Hm.' }],
      encrypted_content: `sealed ${id}`,
    });
    expect(input).toEqual([
      { role: 'user', content: 'a' },
      item('rs_1'),
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'I will.', annotations: [] }],
        phase: 'commentary',
      },
      item('rs_2'),
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'look', arguments: '{}', namespace: 'n' },
      { type: 'function_call_output', call_id: 'c1', output: '' },
    ]);
  });

  test('leaves out thoughts that the provider keeps by their id alone, and keeps open ones', () => {
    const open = { type: 'reasoning' as const, text: 'Hm.', redacted: ours({ id: 'a', in: 'content' }) };
    const kept = { type: 'reasoning' as const, text: '', redacted: ours({ id: 'rs_1' }) };
    expect(inputOf(assistant(open, kept, text('Hi.')))).toEqual([
      { type: 'reasoning', id: 'a', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
      { role: 'assistant', content: 'Hi.' },
    ]);
  });

  test('splits a text that was several messages', () => {
    const signature = ours({ item: { id: 'msg_2' }, before: [{ item: { id: 'msg_1' }, length: 3 }] });
    expect(inputOf(assistant({ ...text('OneTwo'), signature }))).toMatchObject([
      { id: 'msg_1', content: [{ text: 'One' }] },
      { id: 'msg_2', content: [{ text: 'Two' }] },
    ]);
  });

  test('carries files, and refuses what cannot be carried', () => {
    const file = (mediaType: string) => ({
      type: 'file' as const,
      source: { type: 'base64' as const, mediaType, data: 'aGVsbG8=' },
    });
    const linked = { type: 'file' as const, source: { type: 'url' as const, url: 'https://example.com/a.pdf' } };
    expect(inputOf(user(file('application/pdf'), file('text/plain'), linked))).toMatchObject([
      {
        content: [
          { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,aGVsbG8=' },
          { type: 'input_text', text: 'hello' },
          { type: 'input_file', file_url: 'https://example.com/a.pdf' },
        ],
      },
    ]);
    expect(() => inputOf(user(file('video/mp4')))).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  test('shortens an id too long for OpenAI the same way for call and result', () => {
    const id = 'x'.repeat(80);
    const input = JSON.stringify(
      inputOf(assistant(call(id)), user({ type: 'tool-result', callId: id, content: [], isError: false })),
    );
    const [first, second, ...others] = [...input.matchAll(/call_[0-9a-f]{32}/g)].map(([found]) => found);
    expect(first).toBe(second ?? '');
    expect(others).toEqual([]);
  });

  test('grows at its end only', () => {
    const start = [user(text('Hello')), assistant(thoughts('rs_1'), text('Hi.'))];
    const short = JSON.stringify(inputOf(...start));
    expect(JSON.stringify(inputOf(...start))).toBe(short);
    expect(JSON.stringify(inputOf(...start, user(text('b')))).startsWith(short.slice(0, -1))).toBe(true);
  });
});

describe('parameters', () => {
  test('that the wire has are sent', () => {
    const { body, dropped } = render(
      { maxOutputTokens: 9000, temperature: 0.2, topP: 0.5, topLogprobs: 2, user: 'ann', metadata: { a: 'b' } },
      target({ maxOutputTokens: 4096, stream: true }),
    );
    expect(dropped).toEqual([]);
    expect(body).toMatchObject({
      max_output_tokens: 4096,
      temperature: 0.2,
      top_p: 0.5,
      top_logprobs: 2,
      include: ['message.output_text.logprobs'],
      user: 'ann',
      metadata: { a: 'b' },
      store: false,
      stream: true,
    });
  });

  test('that it has not are named', () => {
    const { dropped } = render({
      stop: ['END'],
      seed: 1,
      topK: 5,
      presencePenalty: 1,
      frequencyPenalty: 1,
      maxOutputTokens: 1,
      serviceTier: 'odd',
      reasoning: { effort: 'high' },
      tools: [{ type: 'other', dialect: 'another', value: { type: 'search' } }],
      extras: { logit_bias: {} },
      messages: [
        { role: 'user', content: [{ type: 'other', dialect: 'another', value: {} }, text('a')], name: 'ann' },
        assistant({ ...text('The answer is'), citations: [{}] }),
      ],
    });
    expect(dropped).toEqual(
      ['name', 'another content', 'citations', 'tool search', 'reasoning', 'maxOutputTokens', 'serviceTier'].concat([
        'stop',
        'seed',
        'topK',
        'presencePenalty',
        'frequencyPenalty',
        'logit_bias',
        'prefill',
      ]),
    );
  });

  test('of several answers are refused', () => {
    expect(() => render({ choices: 2 })).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  test('that reasoning models refuse stay away, and their thoughts are asked for sealed', () => {
    const reasoning = { effort: 'max' as const, includeThoughts: true };
    const asked = { temperature: 0.2, topP: 1, topLogprobs: 2, reasoning };
    const { body, dropped } = render(asked, reasoner('low', 'high'));
    expect(dropped).toEqual(['temperature', 'logprobs']);
    expect(body).toMatchObject({ reasoning: { effort: 'high', summary: 'auto' }, store: false });
    expect(body.include).toEqual(['reasoning.encrypted_content']);
    expect(body).not.toHaveProperty('top_p');
  });

  test('of an end user too long for OpenAI tell end users apart', () => {
    const id = (user: string) => String(render({ user }).body.user);
    expect(id('a'.repeat(100))).toHaveLength(64);
    expect(id('a'.repeat(100))).not.toBe(id('b'.repeat(100)));
  });

  test('of the output get a legal name, and plain JSON the word that OpenAI demands in the input', () => {
    const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const format = (fields: object) => {
      const { text: field } = render({ output: { type: 'json-schema', schema, ...fields } }).body;
      return isJsonObject(field) ? field.format : undefined;
    };
    expect(format({ name: 'my answer' })).toEqual({ type: 'json_schema', name: 'my_answer', schema, strict: true });
    expect(format({ schema: { type: 'object' } })).toMatchObject({ name: 'answer', strict: false });
    expect(render({ output: { type: 'json-schema', schema: { type: 'object' }, strict: true } }).dropped).toEqual([
      'output.strict',
    ]);
    const plain = { output: { type: 'json' as const }, system: [text('Answer in JSON.')] };
    expect(render(plain).body.input).toHaveLength(1);
    expect(render({ ...plain, messages: [user(text('Hello'))] }).body.input).toMatchObject([
      { role: 'system', content: 'Answer with a JSON object.' },
      { role: 'user' },
    ]);
  });
});
