import { afterAll, describe, expect, test } from 'bun:test';
import { type ChatReply, createCollector, textOf } from '../chat/reply.ts';
import type { ChatRequest, ToolCallPart } from '../chat/request.ts';
import type { Target } from '../dialects/dialect.ts';
import type { JsonObject } from '../lib/json.ts';
import { createSseParser } from '../lib/sse.ts';
import { createProviders } from './all.ts';
import type { Provider } from './provider.ts';
import { startSimulator, type Vendor } from './simulator/index.ts';

const simulator = startSimulator({ gapMs: 0 });
afterAll(simulator.stop);

const providers = createProviders();
const MODELS: Record<Vendor, string> = { openai: 'gpt-5.4', anthropic: 'claude-sonnet-5', google: 'gemini-3.5-flash' };
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** One request with instructions, a tool, a limit and a wish for some thought, as a client of each vendor writes it. */
const BODIES: Record<Vendor, (text: string) => JsonObject> = {
  openai: (text) => ({
    model: 'm',
    max_completion_tokens: 4000,
    reasoning_effort: 'low',
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: text },
    ],
    tools: [{ type: 'function', function: { name: 'get_weather', parameters: SCHEMA } }],
  }),
  anthropic: (text) => ({
    model: 'm',
    max_tokens: 4000,
    thinking: { type: 'enabled', budget_tokens: 1024 },
    system: 'Be kind.',
    messages: [{ role: 'user', content: text }],
    tools: [{ name: 'get_weather', input_schema: SCHEMA }],
  }),
  google: (text) => ({
    systemInstruction: { parts: [{ text: 'Be kind.' }] },
    contents: [{ role: 'user', parts: [{ text }] }],
    tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: SCHEMA }] }],
    generationConfig: { maxOutputTokens: 4000, thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } },
  }),
};

function read(client: Provider, text: string): ChatRequest {
  const body = BODIES[client.id as Vendor](text);
  return client.dialect.parseRequest(body, { model: 'm', stream: false });
}

/** What the provider answers, over the wire. */
async function call(provider: Provider, request: ChatRequest, stream: boolean): Promise<ChatReply> {
  const vendor = provider.id as Vendor;
  const model = MODELS[vendor];
  const reasoning = { supported: true, required: false, efforts: ['low', 'medium', 'high'] };
  const target: Target = { model, stream, maxOutputTokens: 16_000, reasoning };
  const { body } = provider.dialect.renderRequest({ ...request, stream, wantsStreamUsage: true }, target);
  const response = await fetch(simulator.url(vendor) + provider.path(model, stream), {
    method: 'POST',
    headers: provider.headers('k'),
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);

  const { add, reply } = createCollector();
  if (!stream) {
    provider.dialect.parseReply(JSON.parse(text)).forEach(add);
    return reply;
  }
  const frames = createSseParser();
  const parser = provider.dialect.createStreamParser();
  for (const message of [...frames.push(text), ...frames.end()]) parser.parse(message).forEach(add);
  parser.end().forEach(add);
  return reply;
}

/** The request, continued with the reply and one result for each call in it. */
function answered(request: ChatRequest, reply: ChatReply): ChatRequest {
  const { content } = reply.choices[0]!;
  const calls = content.filter((part): part is ToolCallPart => part.type === 'tool-call');
  const results = calls.map(({ id, name }, index) => ({
    type: 'tool-result' as const,
    callId: id,
    name,
    isError: false,
    content: [{ type: 'text' as const, text: `result ${index + 1}` }],
  }));
  return {
    ...request,
    messages: [...request.messages, { role: 'assistant', content }, { role: 'user', content: results }],
  };
}

const pairs = providers.flatMap((client) =>
  providers.flatMap((provider) =>
    [false, true].map((stream) => [client.dialect.id, provider.id, stream, client, provider] as const),
  ),
);

describe('what the simulator, who knows only the vendors, makes of our dialects', () => {
  test.each(pairs)(
    'a question in %s is answered by %s (streamed: %p)',
    async (_dialect, id, stream, client, provider) => {
      const reply = await call(provider, read(client, 'What is a tide? [[sim:chunks=7]]'), stream);
      expect(reply.error).toBeUndefined();
      expect(textOf(reply.choices[0])).toStartWith(`[simulated ${MODELS[id as Vendor]}] You asked: “What is a tide”.`);
      expect(reply.choices[0]!.reason).toBe('stop');
      expect(reply.usage.output).toBeGreaterThan(reply.usage.reasoning);
      expect(reply.usage.reasoning).toBeGreaterThan(0);
    },
  );

  test.each(pairs)(
    'a tool loop in %s goes round with %s (streamed: %p)',
    async (_dialect, _id, stream, client, provider) => {
      const request = read(client, 'get weather in Rome and in Bern, twice');
      const first = await call(provider, request, stream);
      const calls = first.choices[0]!.content.filter((part): part is ToolCallPart => part.type === 'tool-call');
      expect(calls.map(({ argumentsText }) => JSON.parse(argumentsText))).toEqual([{ city: 'Rome' }, { city: 'Bern' }]);
      expect(first.choices[0]!.reason).toBe('tool-calls');

      const second = await call(provider, answered(request, first), stream);
      expect(textOf(second.choices[0])).toContain('get_weather returned: result 1\nget_weather returned: result 2');
    },
  );

  test.each(pairs.filter(([, id, , client]) => client.id !== id))(
    'a tool loop in %s that another vendor began is ended by %s (streamed: %p)',
    async (_dialect, _id, stream, client, provider) => {
      const request = read(client, 'get_weather in Rome');
      const first = await call(client, request, stream);
      const second = await call(provider, answered(request, first), stream);
      expect(textOf(second.choices[0])).toContain('get_weather returned: result 1');
    },
  );
});
