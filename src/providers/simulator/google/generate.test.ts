import { afterAll, describe, expect, test } from 'bun:test';
import {
  type ApiError,
  type Content,
  FunctionCallingConfigMode,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  Type,
} from '@google/genai';
import { startSimulator } from '../index.ts';
import { failureOf } from '../test-failure.ts';

const simulator = startSimulator({ gapMs: 0 });
afterAll(simulator.stop);
const baseUrl = simulator.url('google').replace('/v1beta', '');
const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
const fail = async (promise: Promise<unknown>) => (await failureOf(promise)) as ApiError;
const MODEL = 'gemini-3.5-flash';

function ask(contents: string | Content[], config: GenerateContentConfig = {}, model = MODEL) {
  return client.models.generateContent({ model, contents, config });
}

async function stream(
  contents: string,
  config: GenerateContentConfig = {},
  model = MODEL,
): Promise<GenerateContentResponse[]> {
  return await Array.fromAsync(await client.models.generateContentStream({ model, contents, config }));
}

/** The bare call, as no SDK would make it. */
function post(path: string, body: object) {
  const headers = { 'x-goog-api-key': 'k' };
  return fetch(simulator.url('google') + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

const weather: FunctionDeclaration = {
  name: 'get_weather',
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
};
const tools = [{ functionDeclarations: [weather] }];
const hello = [{ role: 'user', parts: [{ text: 'hello' }] }];

describe('generated content', () => {
  test('has text, a finish and usage that adds up', async () => {
    const reply = await ask('What is a tide?');
    expect(reply.text).toStartWith('[simulated gemini-3.5-flash] ');
    expect(reply.candidates![0]!.finishReason).toBe('STOP' as never);
    const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, totalTokenCount } = reply.usageMetadata!;
    expect(totalTokenCount).toBe(promptTokenCount! + candidatesTokenCount! + thoughtsTokenCount!);
    expect(reply).toMatchObject({ modelVersion: MODEL, responseId: expect.any(String) });
  });

  test('is the same text as a stream, whose usage grows', async () => {
    const whole = await ask('What is a tide?');
    const chunks = await stream('What is a tide?');
    expect(chunks.map(({ text }) => text ?? '').join('')).toBe(whole.text!);
    const counts = chunks.map(({ usageMetadata }) => usageMetadata!.candidatesTokenCount ?? 0);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(whole.usageMetadata!.candidatesTokenCount!);
    expect(chunks.filter(({ candidates }) => candidates![0]!.finishReason)).toHaveLength(1);
  });

  test('streams frames that end in CRLF, and no end mark', async () => {
    const response = await post(`/models/${MODEL}:streamGenerateContent?alt=sse`, { contents: hello });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const text = await response.text();
    expect(text).toEndWith('}\r\n\r\n');
    expect(
      text
        .trim()
        .split('\r\n\r\n')
        .every((frame) => frame.startsWith('data: {')),
    ).toBe(true);
  });

  test('streams one JSON array where no event stream is asked for', async () => {
    const response = await post(`/models/${MODEL}:streamGenerateContent`, { contents: hello });
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    const list = (await response.json()) as GenerateContentResponse[];
    expect(list.length).toBeGreaterThan(3);
    expect(list.at(-1)!.candidates![0]!.finishReason).toBe('STOP' as never);
  });

  test('shows thoughts only where they are asked for, and signs them', async () => {
    const shown = await ask('Why?', { thinkingConfig: { includeThoughts: true } });
    expect(shown.candidates![0]!.content!.parts).toMatchObject([
      { thought: true },
      { thoughtSignature: expect.any(String) },
    ]);
    const hidden = await ask('Why?');
    expect(hidden.candidates![0]!.content!.parts).toHaveLength(1);
    expect(hidden.usageMetadata!.thoughtsTokenCount).toBeGreaterThan(0);
    const off = await ask('Why?', { thinkingConfig: { thinkingBudget: 0 } });
    expect(off.usageMetadata!.thoughtsTokenCount).toBeUndefined();
    const last = (await stream('Why?')).at(-1)!.candidates![0]!;
    expect(last.content!.parts).toMatchObject([{ text: '', thoughtSignature: expect.any(String) }]);
  });

  test('ends at a stop sequence or at the limit', async () => {
    const stopped = await ask('[[sim:say=one STOP two]]', { stopSequences: ['STOP'] });
    expect(stopped.text).toBe('[simulated gemini-3.5-flash] one ');
    expect((await ask('hello', { maxOutputTokens: 10 })).candidates![0]!.finishReason).toBe('MAX_TOKENS' as never);
    expect((await ask('[[sim:length]]')).candidates![0]!.finishReason).toBe('MAX_TOKENS' as never);
  });

  test('may be blocked, without candidates', async () => {
    expect(await ask('[[sim:refuse]]')).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } });
    const chunks = await stream('[[sim:refuse]]');
    expect(chunks).toHaveLength(1);
    expect(chunks[0]!.candidates).toBeUndefined();
  });

  test('may be empty, without parts', async () => {
    const [candidate] = (await ask('[[sim:silent]]')).candidates!;
    expect(candidate).toMatchObject({ content: { role: 'model' }, finishReason: 'STOP' });
    expect(candidate!.content!.parts).toBeUndefined();
    expect((await stream('[[sim:silent]]')).map(({ text }) => text ?? '').join('')).toBe('');
  });

  test('can be several candidates', async () => {
    const reply = await ask('hello', { candidateCount: 2 });
    expect(reply.candidates!.map(({ index }) => index)).toEqual([0, 1]);
    const order = (await stream('hello', { candidateCount: 2 })).map(({ candidates }) => candidates![0]!.index);
    expect(order.slice(0, 4)).toEqual([0, 1, 0, 1]);
  });

  test('is an instance of the schema it is given, in either language', async () => {
    const responseMimeType = 'application/json';
    const own = { type: Type.OBJECT, properties: { n: { type: Type.INTEGER } }, required: ['n'] };
    expect(JSON.parse((await ask('Give me 7', { responseMimeType, responseSchema: own })).text!)).toEqual({ n: 7 });
    const json = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    expect(JSON.parse((await ask('Give me 7', { responseMimeType, responseJsonSchema: json })).text!)).toEqual({
      n: 7,
    });
  });

  test('reads a long prompt from the cache the second time', async () => {
    const systemInstruction = 'Rules of the house. '.repeat(400);
    expect((await ask('one', { systemInstruction })).usageMetadata!.cachedContentTokenCount).toBeUndefined();
    expect((await ask('two', { systemInstruction })).usageMetadata!.cachedContentTokenCount).toBeGreaterThan(1900);
  });

  test('takes the spelling with underscores as well', async () => {
    const body = {
      contents: hello,
      system_instruction: { parts: { text: 'x' } },
      generation_config: { max_output_tokens: 10 },
      tools: [{ function_declarations: [weather] }],
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['get_weather'] } },
    };
    const response = await post('/models/gemini-2.0-flash:generateContent', body);
    expect(await response.json()).toMatchObject({
      candidates: [{ content: { parts: [{ functionCall: { name: 'get_weather' } }] } }],
    });
  });
});

describe('functions', () => {
  test('are called with arguments, an id and one signature', async () => {
    const reply = await ask('get weather in Rome and in Bern, in parallel', { tools });
    const parts = reply.candidates![0]!.content!.parts!;
    expect(parts.map(({ functionCall }) => functionCall!.args)).toEqual([{ city: 'Rome' }, { city: 'Bern' }]);
    expect(parts.map(({ thoughtSignature }) => thoughtSignature !== undefined)).toEqual([true, false]);
    expect(parts[0]!.functionCall!.id).toMatch(/^\w{8}$/);
    expect(reply.candidates![0]!.finishReason).toBe('STOP' as never);
    const older = await ask('get_weather in Rome', { tools }, 'gemini-2.0-flash');
    expect(older.functionCalls).toEqual([{ name: 'get_weather', args: { city: 'Rome' } }]);
  });

  test('are streamed whole, before the finish', async () => {
    const chunks = await stream('get_weather in Rome', { tools });
    expect(chunks[0]!.functionCalls).toMatchObject([{ name: 'get_weather', args: { city: 'Rome' } }]);
    expect(chunks[0]!.candidates![0]!.finishReason).toBeUndefined();
    expect(chunks.at(-1)!.candidates![0]!.finishReason).toBe('STOP' as never);
  });

  test('are forced or forbidden by the mode', async () => {
    const withMode = (mode: FunctionCallingConfigMode) => ({ tools, toolConfig: { functionCallingConfig: { mode } } });
    expect((await ask('hello', withMode(FunctionCallingConfigMode.ANY))).functionCalls).toHaveLength(1);
    expect((await ask('get_weather', withMode(FunctionCallingConfigMode.NONE))).functionCalls).toBeUndefined();
  });

  test('are quoted once they have answered, if their signature comes back', async () => {
    const first = await ask('get_weather in Rome', { tools });
    const turn = first.candidates![0]!.content!;
    const result = {
      role: 'user',
      parts: [{ functionResponse: { name: 'get_weather', response: { result: 'rain' } } }],
    };
    const question = { role: 'user', parts: [{ text: 'get_weather in Rome' }] };
    expect((await ask([question, turn, result], { tools })).text).toContain('get_weather returned: rain');

    const unsigned = { role: 'model', parts: [{ functionCall: turn.parts![0]!.functionCall! }] };
    expect((await fail(ask([question, unsigned, result], { tools }))).message).toContain('missing a thought_signature');
    expect((await ask([question, unsigned, result], { tools }, 'gemini-2.0-flash')).text).toContain('rain');
    const other = (await ask('Use the tool.', { tools: [{ functionDeclarations: [{ name: 'look' }] }] }))
      .candidates![0]!;
    const { thoughtSignature } = other.content!.parts![0]!;
    const swapped = { role: 'model', parts: [{ ...turn.parts![0]!, thoughtSignature: thoughtSignature! }] };
    expect((await fail(ask([question, swapped, result], { tools }))).message).toContain('missing a thought_signature');
    expect((await fail(ask([question, turn, question], { tools }))).message).toContain(
      'number of function response parts',
    );
  });
});

describe('the endpoints beside it', () => {
  test('count tokens', async () => {
    const { totalTokens } = await client.models.countTokens({ model: MODEL, contents: 'What is a tide?' });
    expect(totalTokens).toBe((await ask('What is a tide?')).usageMetadata!.promptTokenCount!);
  });

  test('embed one text or many', async () => {
    const config = { outputDimensionality: 8 };
    const model = 'gemini-embedding-001';
    const { embeddings } = await client.models.embedContent({ model, contents: ['one', 'two'], config });
    expect(embeddings!.map(({ values }) => values!.length)).toEqual([8, 8]);
    const single = await post(`/models/${model}:embedContent`, { content: { parts: [{ text: 'one' }] }, ...config });
    expect(await single.json()).toEqual({ embedding: { values: embeddings![0]!.values! } });
    expect((await post(`/models/${model}:batchEmbedContents`, { requests: [] })).status).toBe(400);
  });

  test('list models', async () => {
    const models = await Array.fromAsync(await client.models.list());
    expect(models.map(({ name }) => name)).toContain('models/gemini-3.5-flash');
    expect((await client.models.get({ model: 'gemini-3.5-flash' })).displayName).toBe('gemini-3.5-flash (simulated)');
    expect((await fail(client.models.get({ model: 'nothing' }))).status).toBe(404);
  });
});
