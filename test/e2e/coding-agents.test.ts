import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';
import { eventStream, startUpstream } from '../upstream.ts';
import { claudeCode, codex, codexLite } from './coding-agents.ts';

const upstream = startUpstream();
let gateway: TestGateway;
/** Its providers are real as far as it knows; what they answer, a test decides. */
let wired: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  wired = await startGateway({
    env: {
      ...{ OPENAI_API_KEY: 'sk-provider-canary', OPENAI_BASE_URL: upstream.url },
      ...{ ANTHROPIC_API_KEY: 'sk-provider-canary', ANTHROPIC_BASE_URL: upstream.url },
    },
  });
});
afterAll(async () => {
  for (const each of [gateway, wired]) await each.stop();
  upstream.stop();
});

interface Asked {
  path: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

async function send(to: TestGateway, { path, headers, body }: Asked) {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  const response = await fetch(to.url + path, init);
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: what a client reads, without the schemas under test.
  const events = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]): any => JSON.parse(data ?? ''));
  return { response, text, events };
}

/** One of each vendor, and whichever the gateway chooses. */
const MODELS = ['gpt-6-luna', 'claude-sonnet-5', 'gemini-3.6-flash', 'auto'];

describe('Claude Code', () => {
  const told = ({ events }: Awaited<ReturnType<typeof send>>) =>
    events.map(({ delta }) => (delta?.type === 'text_delta' ? delta.text : '')).join('');

  test.each(MODELS)('is answered by %s, to what the person said', async (model) => {
    const reply = await send(gateway, claudeCode(gateway.key, model, 'What is DNS?'));
    expect(reply.response.status).toBe(200);
    expect(told(reply)).toContain('You asked: “What is DNS”');
    expect(reply.events.at(-1)).toEqual({ type: 'message_stop' });
  });

  test('calls its tools wherever it is answered from', async () => {
    for (const model of MODELS) {
      const { events } = await send(gateway, claudeCode(gateway.key, model, 'Please read it.'));
      const starts = events.flatMap(({ content_block }) =>
        content_block?.type === 'tool_use' ? content_block.name : [],
      );
      expect([model, starts]).toEqual([model, ['Read']]);
      expect(events.find(({ type }) => type === 'message_delta').delta.stop_reason).toBe('tool_use');
    }
  });

  test('reaches Anthropic with its own bytes and betas, and the provider key', async () => {
    const end = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
    upstream.answers(() => eventStream({ frames: [end] }));
    const asked = claudeCode(wired.key, 'claude-sonnet-5', 'hi');
    await send(wired, asked);
    const [received] = upstream.received;
    expect(received?.body).toEqual(asked.body);
    expect(received?.headers).toMatchObject({
      'anthropic-beta': asked.headers['anthropic-beta'],
      'anthropic-version': '2023-06-01',
      'x-api-key': 'sk-provider-canary',
    });
    expect(JSON.stringify(received)).not.toContain(wired.key);
  });

  test('looks whether the gateway is there, lists its models and counts tokens', async () => {
    expect((await fetch(gateway.url, { method: 'HEAD' })).status).toBe(200);
    const { headers } = claudeCode(gateway.key, 'auto', '');
    const list = await (await fetch(`${gateway.url}/v1/models?limit=1000`, { headers })).json();
    expect(list).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ type: 'model', id: 'auto' })]),
    });
    const counted = { path: '/v1/messages/count_tokens?beta=true', headers };
    const body = { model: 'auto', messages: [{ role: 'user', content: 'How many?' }], tools: [] };
    const { response, text } = await send(gateway, { ...counted, body });
    expect(response.status).toBe(200);
    expect(JSON.parse(text).input_tokens).toBeGreaterThan(2);
  });
});

describe('Codex CLI', () => {
  type Events = Awaited<ReturnType<typeof send>>['events'];
  const done = (events: Events) => events.find(({ type }) => type === 'response.completed').response;
  const called = (events: Events) => done(events).output.filter(({ type }: { type: string }) => type.endsWith('_call'));

  test.each(MODELS)('is answered by %s, to what the person said', async (model) => {
    const { response, events } = await send(gateway, codex(gateway.key, model, 'What is DNS?'));
    expect(response.status).toBe(200);
    expect(JSON.stringify(done(events).output)).toContain('You asked: “What is DNS”');
  });

  test.each(MODELS.slice(0, 3))('calls a tool of a namespace through %s, and brings its result', async (model) => {
    const said = 'Please multi agent v1 wait agent now.';
    const first = await send(gateway, codex(gateway.key, model, said));
    expect(first.response.headers.get('x-gateway-dropped') ?? '').not.toContain('tool');
    const [call] = called(first.events);
    expect(call).toMatchObject({ type: 'function_call', namespace: 'multi_agent_v1', name: 'wait_agent' });
    const added = first.events.find(({ item }) => item?.type === 'function_call').item;
    expect(added).toMatchObject({ namespace: 'multi_agent_v1', name: 'wait_agent' });

    const result = { type: 'function_call_output', call_id: call.call_id, output: 'all quiet' };
    const second = await send(gateway, codex(gateway.key, model, said, [call, result]));
    expect(second.response.status).toBe(200);
    expect(JSON.stringify(done(second.events).output)).toContain('all quiet');
  });

  test('has its namespaces flattened for Anthropic, and its instructions are those of the system', async () => {
    const frames = ['event: message_stop\ndata: {"type":"message_stop"}\n\n'];
    upstream.answers(() => eventStream({ frames }));
    await send(wired, codex(wired.key, 'claude-sonnet-5', 'hi'));
    const names = ['exec_command', 'multi_agent_v1__spawn_agent', 'multi_agent_v1__wait_agent'];
    expect(upstream.received[0]?.body.tools).toMatchObject(names.map((name) => ({ name })));
    expect(JSON.stringify(upstream.received[0]?.body.system)).toContain('You are a coding agent');
  });

  test('with one of its own models reaches OpenAI with its own bytes, and with the header that says how to read them', async () => {
    upstream.answers(() =>
      eventStream({ frames: ['data: {"type":"response.completed","response":{"id":"resp_1"}}\n\n'] }),
    );
    const asked = codexLite(wired.key, 'gpt-5.6-sol', 'hi');
    await send(wired, asked);
    const [received] = upstream.received;
    expect(received?.body).toEqual(asked.body);
    expect(received?.headers).toMatchObject({
      'x-openai-internal-codex-responses-lite': 'true',
      authorization: 'Bearer sk-provider-canary',
    });
  });

  test('with one of its own models calls the tools that an item brought', async () => {
    const { response, events } = await send(gateway, codexLite(gateway.key, 'gpt-5.6-sol', 'Please exec it.'));
    expect(response.status).toBe(200);
    expect(called(events)).toMatchObject([{ type: 'custom_tool_call', namespace: 'functions', name: 'exec' }]);
  });
});
