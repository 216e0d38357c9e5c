import { expect, test } from 'bun:test';
import { GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { googleGenerate } from './index.ts';
import { hello } from './test-support.ts';

const path = { model: 'gemini-test', stream: false };

function parse(body: unknown) {
  return googleGenerate.parseRequest(body, path);
}

function refusal(body: unknown, at = path): GatewayError {
  return refusalOf(() => googleGenerate.parseRequest(body, at));
}

test('the model and whether to stream are read from the URL', () => {
  const request = googleGenerate.parseRequest(hello, { model: 'auto', stream: true });
  expect(request).toMatchObject({ model: 'auto', stream: true, choices: 1, stop: [], wantsStreamUsage: true });
  expect(request.original).toEqual({ dialect: 'google-generate', body: hello, headers: {} });
});

test('a model in the body counts where the URL has none', () => {
  const request = googleGenerate.parseRequest({ ...hello, model: 'models/gemini-body' }, {});
  expect(request.model).toBe('gemini-body');
  expect(refusal(hello, { model: '', stream: false }).param).toBe('model');
});

test('a text conversation keeps its roles, and a turn without a role is the user’s', () => {
  const { messages, system } = parse({
    systemInstruction: { parts: { text: 'Be brief.' } },
    contents: [
      { parts: { text: 'Hi' } },
      { role: 'model', parts: [{ text: 'Hey' }] },
      { role: 'user', parts: [{ text: '' }] },
    ],
  });
  expect(system).toEqual([{ type: 'text', text: 'Be brief.' }]);
  expect(messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'Hey' }] },
    { role: 'user', content: [{ type: 'text', text: '' }] },
  ]);
});

test('snake_case says the same as camelCase, but the inside of arguments and schemas is not renamed', () => {
  const camel = parse({
    ...hello,
    systemInstruction: { parts: [{ text: 'S' }] },
    contents: [
      { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
      {
        role: 'model',
        parts: [{ functionCall: { name: 'f', args: { file_name: 1 } }, thoughtSignature: 'sig' }],
      },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { exit_code: 0, ok: true } } }] },
    ],
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { properties: { file_name: {} } } }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    generationConfig: {
      maxOutputTokens: 5,
      thinkingConfig: { thinkingBudget: 0 },
      responseMimeType: 'application/json',
    },
  });
  const snake = parse({
    ...hello,
    system_instruction: { parts: [{ text: 'S' }] },
    contents: [
      { role: 'user', parts: [{ inline_data: { mime_type: 'image/png', data: 'AAAA' } }] },
      {
        role: 'model',
        parts: [{ function_call: { name: 'f', args: { file_name: 1 } }, thought_signature: 'sig' }],
      },
      { role: 'user', parts: [{ function_response: { name: 'f', response: { exit_code: 0, ok: true } } }] },
    ],
    tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { properties: { file_name: {} } } }] }],
    tool_config: { function_calling_config: { mode: 'any', allowed_function_names: ['f'] } },
    generation_config: {
      max_output_tokens: 5,
      thinking_config: { thinking_budget: 0 },
      response_mime_type: 'application/json',
    },
  });
  expect({ ...snake, original: null }).toEqual({ ...camel, original: null });
  expect(snake.messages[1]?.content[0]).toMatchObject({ argumentsText: '{"file_name":1}' });
  expect(snake.messages[2]?.content[0]).toMatchObject({ content: [{ text: '{"exit_code":0,"ok":true}' }] });
  expect(snake.tools[0]).toMatchObject({ parameters: { properties: { file_name: {} } } });
});

test.each([
  [{ name: 'weather', content: 'snow' }, 'snow', false],
  [{ name: 'weather', error: 'no such city' }, 'no such city', true],
  [{ name: 'Ann', content: 'a poem' }, '{"name":"Ann","content":"a poem"}', false],
])('the response %j, in which some clients repeat the name, says %p', (response, text, isError) => {
  const parts = [{ functionResponse: { name: 'weather', response } }];
  const { messages } = parse({ contents: [{ role: 'user', parts }] });
  expect(messages[0]?.content).toMatchObject([{ content: [{ type: 'text', text }], isError }]);
});

test('responses are matched to calls by id, or else by name in order', () => {
  const { messages } = parse({
    contents: [
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'weather', args: { city: 'Oslo' } } },
          { functionCall: { name: 'weather', args: { city: 'Rome' } } },
          { functionCall: { id: 'given', name: 'time' } },
        ],
      },
      {
        role: 'function',
        parts: [
          { functionResponse: { id: 'given', name: 'time', response: { output: 'noon' } } },
          { functionResponse: { name: 'weather', response: { result: 'snow' } } },
          { functionResponse: { name: 'weather', response: { error: 'no such city' } } },
        ],
      },
    ],
  });
  const [calls, results] = messages;
  expect(calls?.content.map((part) => ('id' in part ? part.id : ''))).toEqual(['call_0', 'call_1', 'given']);
  expect(calls?.content[2]).toMatchObject({ argumentsText: '{}' });
  expect(results?.role).toBe('user');
  expect(results?.content).toEqual([
    { type: 'tool-result', callId: 'given', name: 'time', content: [{ type: 'text', text: 'noon' }], isError: false },
    {
      type: 'tool-result',
      callId: 'call_0',
      name: 'weather',
      content: [{ type: 'text', text: 'snow' }],
      isError: false,
    },
    {
      type: 'tool-result',
      callId: 'call_1',
      name: 'weather',
      content: [{ type: 'text', text: 'no such city' }],
      isError: true,
    },
  ]);
});

test('media is told apart by its type, Google’s own files by address, and base64 gets the common alphabet', () => {
  const { messages } = parse({
    contents: [
      {
        parts: [
          { inlineData: { mimeType: 'image/png', data: 'a-b_' } },
          { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
          { inlineData: { mimeType: 'application/pdf', data: 'AAAA' } },
          { fileData: { fileUri: 'gs://bucket/film.mp4', mimeType: 'video/mp4' } },
          { fileData: { fileUri: 'https://example.com/cat.png', mimeType: 'image/png' } },
        ],
      },
    ],
  });
  expect(messages[0]?.content).toEqual([
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'a+b/' } },
    { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AAAA' } },
    { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' } },
    { type: 'file', source: { type: 'file-id', id: 'gs://bucket/film.mp4', mediaType: 'video/mp4' } },
    { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png', mediaType: 'image/png' } },
  ]);
});

test('thoughts, signatures and the parts of server tools are kept apart from the text', () => {
  const ran = { executableCode: { language: 'PYTHON', code: '1' } };
  const { messages } = parse({
    contents: [
      {
        role: 'model',
        parts: [
          { text: 'Hm.', thought: true },
          ran,
          { text: '', thoughtSignature: 's1' },
          { text: 'Hi', thought: false },
        ],
      },
    ],
  });
  const signature = { dialect: 'google-generate', value: 's1' };
  expect(messages[0]?.content).toEqual([
    { type: 'reasoning', text: 'Hm.' },
    { type: 'other', dialect: 'google-generate', value: ran },
    { type: 'text', text: '', signature },
    { type: 'text', text: 'Hi' },
  ]);
});

test.each([
  [{ mode: 'AUTO' }, { type: 'auto' }],
  [{ mode: 'none' }, { type: 'none' }],
  [{ mode: 2 }, { type: 'required' }],
  [
    { mode: 'ANY', allowedFunctionNames: ['f'] },
    { type: 'tool', name: 'f' },
  ],
  [
    { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
    { type: 'allowed', mode: 'required', names: ['f', 'g'] },
  ],
  [
    { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
    { type: 'allowed', mode: 'auto', names: ['f'] },
  ],
  [{ mode: 'VALIDATED' }, { type: 'auto' }],
])('the calling mode %j is the choice %j', (functionCallingConfig, choice) => {
  expect(parse({ ...hello, toolConfig: { functionCallingConfig } }).toolChoice).toEqual(choice as never);
});

test('sampling fields are read, numbers as text too, and null is absent', () => {
  const request = parse({
    ...hello,
    generationConfig: {
      maxOutputTokens: '100',
      temperature: 0,
      topP: 0.5,
      topK: 40.0,
      candidateCount: 2,
      stopSequences: ['END'],
      seed: 7,
      presencePenalty: null,
      frequencyPenalty: 0.5,
      responseLogprobs: true,
      logprobs: 3,
      thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true },
      responseModalities: ['TEXT'],
    },
    safetySettings: [{ category: 10, threshold: 3 }],
    cachedContent: null,
    serviceTier: 'flex',
  });
  expect(request).toMatchObject({
    maxOutputTokens: 100,
    temperature: 0,
    topP: 0.5,
    topK: 40,
    choices: 2,
    stop: ['END'],
    seed: 7,
    frequencyPenalty: 0.5,
    topLogprobs: 3,
    reasoning: { effort: 'low', includeThoughts: true },
    serviceTier: 'flex',
  });
  expect('presencePenalty' in request).toBe(false);
  expect(request.extras).toEqual({
    safetySettings: [{ category: 10, threshold: 3 }],
    generationConfig: { responseModalities: ['TEXT'] },
  });
});

test.each([
  [{}, 'contents'],
  [{ contents: [] }, 'contents'],
  [{ contents: 'Hello' }, 'contents'],
  [{ contents: [7] }, 'contents[0]'],
  [{ contents: [{ role: 'user' }] }, 'contents[0].parts'],
  [{ contents: [{ role: 'system', parts: [{ text: 'x' }] }] }, 'contents[0].role'],
  [{ contents: [{ parts: [{ text: 7 }] }] }, 'contents[0].parts[0].text'],
  [{ contents: [{ parts: [{ functionCall: { name: 'f', args: 'x' } }] }] }, 'contents[0].parts[0].functionCall.args'],
  [{ ...hello, systemInstruction: 'x' }, 'systemInstruction'],
  [{ ...hello, generationConfig: { maxOutputTokens: 1.5 } }, 'generationConfig.maxOutputTokens'],
  [{ ...hello, generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
  [{ ...hello, tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
  [{ ...hello, toolConfig: { functionCallingConfig: { mode: 'SOMETIMES' } } }, 'toolConfig.functionCallingConfig.mode'],
])('%j is refused with the name of the field', (body, param) => {
  const error = refusal(body);
  expect(error.code).toBe('invalid_request');
  expect(error.param).toBe(param);
  expect(error.message).toStartWith(`\`${param}\` `);
});

test('hostile bodies are refused and never crash', () => {
  let deep: unknown = 'x';
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const proto = JSON.parse('{"contents":[{"parts":[{"text":"x","__proto__":{"a":1}}],"__proto__":[]}],"__proto__":7}');
  for (const body of [null, [], 7, 'x', true, undefined, { contents: deep }, { ...hello, tools: [{ x: deep }] }]) {
    expect(refusal(body).code).toBe('invalid_request');
  }
  expect(parse(proto).messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'x' }] }]);
  const values: unknown[] = [null, [], 7, 'x', { a: [null] }];
  for (const key of ['contents', 'tools', 'toolConfig', 'generationConfig', 'systemInstruction', 'model']) {
    for (const value of values) {
      const body: JsonObject = { ...hello, [key]: value };
      try {
        parse(body);
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
      }
    }
  }
});
