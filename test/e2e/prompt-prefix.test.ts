import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { goldenCatalogue } from '../contract/golden/catalogue.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { startUpstream } from '../upstream.ts';
import { vendorsAt } from '../vendors.ts';

// A provider's prompt cache pays only for a beginning that is the same, byte for byte, as last time. So whatever was sent once
// is sent again the same way as a conversation goes on: markers, the order of tools, and thoughts, also those that the gateway
// puts back itself.

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;

beforeAll(async () => {
  upstream = startUpstream();
  gateway = await startGateway({
    env: vendorsAt(upstream.url),
    files: { 'models.json': goldenCatalogue() },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

/** The bodies as they were sent, one for each turn. */
let sent: Record<string, unknown>[] = [];
beforeEach(() => {
  sent = [];
});

function answers(reply: (turn: number) => object): void {
  upstream.answers((_, body) => {
    sent.push(body);
    return Response.json(reply(sent.length));
  });
}

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect([response.status, text]).toEqual([200, expect.any(String)]);
  return JSON.parse(text);
}

/** The items of each turn begin with those of the turn before, and everything before them is the same text. */
function expectStable(items: string, head: readonly string[]): void {
  const texts = sent.map((body) => ((body[items] ?? []) as unknown[]).map((item) => JSON.stringify(item)));
  const heads = sent.map((body) => JSON.stringify(head.map((name) => body[name])));
  expect(new Set(heads).size).toBe(1);
  for (const [turn, before] of texts.slice(0, -1).entries()) {
    expect(texts[turn + 1]?.slice(0, before.length)).toEqual(before);
    expect(texts[turn + 1]?.length).toBeGreaterThan(before.length);
  }
}

/** Neither in the order of the alphabet nor of their length. */
const NAMES = ['weather', 'add', 'zoom', 'book', 'a_long_name_of_a_tool'];
const schema = { type: 'object', properties: { z: { type: 'string' }, a: { type: 'integer' } }, required: ['z'] };
const SYSTEM = 'Weigh every word.';
const TURNS = 4;

const thinking = (turn: number) => ({
  id: `msg_${turn}`,
  type: 'message',
  role: 'assistant',
  model: 'gold',
  content: [
    { type: 'thinking', thinking: `Turn ${turn}, so look.`, signature: `c2ln${turn}` },
    { type: 'text', text: `Looking, ${turn}.` },
    { type: 'tool_use', id: `toolu_${turn}`, name: 'weather', input: { z: `city ${turn}`, a: turn } },
  ],
  stop_reason: 'tool_use',
  usage: { input_tokens: 10, output_tokens: 5 },
});

test('of Anthropic, for a client of its own: markers, tools and thoughts go on as they were sent', async () => {
  answers(thinking);
  const tools = NAMES.map((name, at) => ({
    name,
    input_schema: schema,
    ...(at === NAMES.length - 1 && { cache_control: { type: 'ephemeral', ttl: '1h' } }),
  }));
  const system = [{ type: 'text', text: SYSTEM, cache_control: { type: 'ephemeral' } }];
  const messages: unknown[] = [
    { role: 'user', content: [{ type: 'text', text: 'Go.', cache_control: { type: 'ephemeral' } }] },
  ];
  const body = { model: 'anthropic/gold-claude', max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 2000 } };
  for (let turn = 1; turn <= TURNS; turn++) {
    const { content } = await post('/v1/messages', { ...body, system, tools, messages });
    expect(sent.at(-1)).toEqual({ ...body, model: 'gold-claude', system, tools, messages: structuredClone(messages) });
    const result = { type: 'tool_result', tool_use_id: `toolu_${turn}`, content: 'rain' };
    messages.push({ role: 'assistant', content }, { role: 'user', content: [result] });
  }
  expectStable('messages', ['system', 'tools', 'thinking']);
});

test('of Anthropic, for a client of Chat: thoughts it cannot bring back are put back the same way each time', async () => {
  answers(thinking);
  const tools = NAMES.map((name) => ({ type: 'function', function: { name, parameters: schema } }));
  const messages: unknown[] = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: 'Go.' },
  ];
  for (let turn = 1; turn <= TURNS; turn++) {
    const body = { model: 'anthropic/gold-claude', reasoning_effort: 'high', tools, messages };
    const { choices } = await post('/v1/chat/completions', body);
    const { content, tool_calls: calls } = (
      choices as { message: { content: string; tool_calls: { id: string }[] } }[]
    )[0]!.message;
    messages.push(
      { role: 'assistant', content, tool_calls: calls },
      { role: 'tool', tool_call_id: calls[0]?.id, content: 'rain' },
    );
  }
  expectStable('messages', ['system', 'tools', 'thinking']);
  expect((sent.at(-1)!.tools as { name: string }[]).map(({ name }) => name)).toEqual(NAMES);
  const last = JSON.stringify(sent.at(-1)?.messages);
  for (let turn = 1; turn < TURNS; turn++) expect(last).toContain(`"signature":"c2ln${turn}"`);
});

test('of Google, for a client of Chat: proofs of thoughts are put back the same way each time', async () => {
  answers((turn) => ({
    candidates: [
      {
        content: {
          role: 'model',
          parts: [
            { text: `Looking, ${turn}.` },
            {
              functionCall: { name: 'weather', args: { z: `city ${turn}`, a: turn } },
              thoughtSignature: `c2ln${turn}`,
            },
          ],
        },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    responseId: `r${turn}`,
  }));
  const tools = NAMES.map((name) => ({ type: 'function', function: { name, parameters: schema } }));
  const messages: unknown[] = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: 'Go.' },
  ];
  for (let turn = 1; turn <= TURNS; turn++) {
    const { choices } = await post('/v1/chat/completions', { model: 'google/gold-gemini', tools, messages });
    const { content, tool_calls: calls } = (
      choices as { message: { content: string; tool_calls: { id: string }[] } }[]
    )[0]!.message;
    messages.push(
      { role: 'assistant', content, tool_calls: calls },
      { role: 'tool', tool_call_id: calls[0]?.id, content: 'rain' },
    );
  }
  expectStable('contents', ['systemInstruction', 'tools']);
  const last = JSON.stringify(sent.at(-1)?.contents);
  for (let turn = 1; turn < TURNS; turn++) expect(last).toContain(`c2ln${turn}`);
});

test('of OpenAI, for a client of Anthropic: markers that move on with a conversation leave no trace', async () => {
  answers((turn) => ({
    id: `chatcmpl-${turn}`,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: `Answer ${turn}.` }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  }));
  const marked = { cache_control: { type: 'ephemeral' } };
  const tools = NAMES.map((name) => ({ name, input_schema: schema }));
  const said: { role: string; text: string }[] = [{ role: 'user', text: 'Question 0.' }];
  for (let turn = 1; turn <= TURNS; turn++) {
    // As programs do it: the marker is on the last message, and was on the last one before.
    const messages = said.map(({ role, text }, at) => ({
      role,
      content: [{ type: 'text', text, ...(at === said.length - 1 && marked) }],
    }));
    const system = [{ type: 'text', text: SYSTEM, ...marked }];
    await post('/v1/messages', { model: 'openai/gold-chat', max_tokens: 100, system, tools, messages });
    said.push({ role: 'assistant', text: `Answer ${turn}.` }, { role: 'user', text: `Question ${turn}.` });
  }
  expectStable('messages', ['tools']);
  expect((sent.at(-1)!.tools as { function: { name: string } }[]).map((tool) => tool.function.name)).toEqual(NAMES);
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
