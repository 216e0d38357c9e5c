import { afterAll, describe, expect, test } from 'bun:test';
import {
  type ApiError,
  type Content,
  type FunctionDeclaration,
  type GenerateContentConfig,
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

describe('a mistake', () => {
  const part = { text: 'x' };
  test.each([
    [{ contents: [] }, 'contents is not specified'],
    [{ contents: [{ role: 'assistant', parts: [part] }] }, 'Please use a valid role: user, model.'],
    [{ contents: [{ parts: [{}] }] }, 'must have one initialized field'],
    [{ contents: hello, max_tokens: 5 }, 'Unknown name "max_tokens"'],
    [{ contents: hello, generationConfig: { stop: [] } }, 'Unknown name "stop" at \'generation_config\''],
    [{ contents: hello, generationConfig: { temperature: 3 } }, 'temperature must be in the range'],
    [{ contents: hello, tools: [{ functionDeclarations: [{ name: 'a b' }] }] }, 'Invalid function name'],
    [
      {
        contents: hello,
        tools: [
          { functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT', properties: { a: { $ref: '#' } } } }] },
        ],
      },
      "Unknown name \"$ref\" at 'tools[0].function_declarations[0].parameters.properties['a']'",
    ],
    [{ contents: hello, tools, generationConfig: { responseMimeType: 'application/json' } }, 'is unsupported'],
  ])('like %j is refused', async (body, message) => {
    const response = await post('/models/gemini-2.0-flash:generateContent', body);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(error.message).toContain(message);
  });

  test.each([
    [400, 400, 'INVALID_ARGUMENT'],
    [401, 401, 'UNAUTHENTICATED'],
    [403, 403, 'PERMISSION_DENIED'],
    [404, 404, 'NOT_FOUND'],
    [413, 413, 'INVALID_ARGUMENT'],
    [429, 429, 'RESOURCE_EXHAUSTED'],
    [500, 500, 'INTERNAL'],
    [503, 503, 'UNAVAILABLE'],
    [529, 503, 'UNAVAILABLE'],
  ])('%d on demand is a %d %s', async (wanted, status, name) => {
    const error = await fail(ask(`[[sim:error=${wanted}]]`));
    expect(error.status).toBe(status);
    expect(JSON.parse(error.message).error).toMatchObject({ code: status, status: name });
  });

  test('tells in its body when to come back', async () => {
    const { error } = JSON.parse((await fail(ask('[[sim:error=429 retry=7]]'))).message);
    expect(error.details).toContainEqual({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' });
  });

  test('keeps the form of the stream that was asked for', async () => {
    const sse = await post('/models/m:streamGenerateContent?alt=sse', { contents: [] });
    expect([sse.status, sse.headers.get('content-type')]).toEqual([400, 'text/event-stream']);
    expect(await sse.json()).toHaveProperty('error.code', 400);
    const array = await post('/models/m:streamGenerateContent', { contents: [] });
    expect(await array.json()).toMatchObject([{ error: { code: 400 } }]);
  });

  test('in mid-stream stands between the frames, or closes the array', async () => {
    const contents = [{ parts: [{ text: '[[sim:error-mid-stream]]' }] }];
    const sse = await (await post('/models/m:streamGenerateContent?alt=sse', { contents })).text();
    expect(sse).toContain('\r\n\r\n{\n  "error": {\n    "code": 503');
    const array = (await (await post('/models/m:streamGenerateContent', { contents })).json()) as unknown[];
    expect(array.at(-1)).toMatchObject({ error: { status: 'UNAVAILABLE' } });
  });
});
