import { expect, test } from 'bun:test';
import type { ChatRequest } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { googleGenerate } from './index.ts';
import { chatRequest, ours, render, target, withBudget, withLevels } from './test-support.ts';

function config(fields: Partial<ChatRequest>, at = target()): JsonObject | undefined {
  return render(fields, at).body.generationConfig as JsonObject | undefined;
}

test('a plain question is only its contents', () => {
  expect(render({})).toEqual({ body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }, dropped: [] });
});

test('tools and the choice among them are rendered', () => {
  const parameters = { type: 'object', $defs: { x: {} }, additionalProperties: false };
  const { body, dropped } = render({
    tools: [
      { type: 'function', name: 'f', description: 'Does f.', parameters, strict: true, cache: {} },
      { type: 'other', dialect: 'google-generate', value: { googleSearch: {} } },
      { type: 'other', dialect: 'another', value: { type: 'web_search' } },
    ],
    toolChoice: { type: 'tool', name: 'f' },
    parallelToolCalls: false,
  });
  expect(body.tools).toEqual([
    { functionDeclarations: [{ name: 'f', description: 'Does f.', parametersJsonSchema: parameters }] },
    { googleSearch: {} },
  ]);
  expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } });
  expect(dropped).toEqual(['parallelToolCalls', 'strict', 'cache', 'tools: web_search']);
  expect(refusalOf(() => render({ tools: [{ type: 'custom', name: 'patch' }] })).message).toContain('patch');
});

test('sampling fields get Google’s names, and what Google cannot do is named', () => {
  const { body, dropped } = render({
    maxOutputTokens: 100_000,
    temperature: 0,
    topP: 0.9,
    topK: 40,
    choices: 2,
    stop: ['END'],
    seed: 2 ** 40,
    presencePenalty: 0.5,
    frequencyPenalty: 0,
    topLogprobs: 2,
    output: { type: 'json-schema', schema: { type: 'object' }, name: 'x', strict: true },
    user: 'u1',
    metadata: { a: 'b' },
    serviceTier: 'default',
    reasoning: { effort: 'high' },
    extras: { logit_bias: { 1: 2 } },
  });
  expect(body.generationConfig).toEqual({
    maxOutputTokens: 8192,
    temperature: 0,
    topP: 0.9,
    topK: 40,
    candidateCount: 2,
    stopSequences: ['END'],
    presencePenalty: 0.5,
    responseLogprobs: true,
    logprobs: 2,
    responseMimeType: 'application/json',
    responseJsonSchema: { type: 'object' },
  });
  expect(body.serviceTier).toBe('standard');
  expect(dropped.sort()).toEqual(['logit_bias', 'metadata', 'reasoning', 'seed', 'user']);
  expect(refusalOf(() => render({ stop: ['1', '2', '3', '4', '5', '6'] })).param).toBe('stop');
  expect(render({ presencePenalty: 0.5 }, withBudget)).toMatchObject({ dropped: ['presencePenalty'] });
});

test.each([
  [{ effort: 'low' }, { thinkingLevel: 'LOW' }],
  [{ effort: 'none' }, { thinkingLevel: 'LOW' }],
  [
    { effort: 'medium', includeThoughts: true },
    { includeThoughts: true, thinkingLevel: 'HIGH' },
  ],
  [{ effort: 'max' }, { thinkingLevel: 'HIGH' }],
  [{ budgetTokens: 1024 }, { thinkingLevel: 'LOW' }],
  [{ budgetTokens: 30_000 }, { thinkingLevel: 'HIGH' }],
  [{ isAdaptive: true, includeThoughts: true }, { includeThoughts: true }],
] as const)('%j is %j for a model that has levels', (reasoning, thinkingConfig) => {
  expect(config({ reasoning }, withLevels)).toEqual({ thinkingConfig });
});

test.each([
  [{ effort: 'none' }, { thinkingBudget: 0 }],
  [{ effort: 'medium' }, { thinkingBudget: 8192 }],
  [{ budgetTokens: 63_999 }, { thinkingBudget: 24_576 }],
  [{ budgetTokens: -1 }, { thinkingBudget: -1 }],
  [
    { isAdaptive: true, includeThoughts: true },
    { includeThoughts: true, thinkingBudget: -1 },
  ],
] as const)('%j is %j for a model that has a budget', (reasoning, thinkingConfig) => {
  expect(config({ reasoning }, withBudget)).toEqual({ thinkingConfig });
});

test('what is rendered is read back as it was', () => {
  const before = chatRequest({
    system: [{ type: 'text', text: 'S' }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Q' },
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'c1', name: 'f', argumentsText: '{"a":1}', signature: ours('s') }],
      },
      {
        role: 'user',
        content: [
          { type: 'tool-result', callId: 'c1', name: 'f', content: [{ type: 'text', text: 'R' }], isError: true },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'A', signature: ours('t') }] },
    ],
    tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
    toolChoice: { type: 'required' },
    output: { type: 'json' },
    reasoning: { budgetTokens: 2048, includeThoughts: true },
    maxOutputTokens: 10,
    seed: 3,
    topLogprobs: 1,
    stop: ['X'],
    choices: 2,
    serviceTier: 'flex',
  });
  const { body } = googleGenerate.renderRequest(before, withBudget);
  const after = googleGenerate.parseRequest(body, { model: 'auto', stream: false });
  expect({ ...after, original: before.original, wantsStreamUsage: false }).toEqual(before);
});

test('a request of this dialect keeps what has no word of ours', () => {
  const body = {
    contents: [{ role: 'user', parts: [{ text: 'x' }] }],
    safetySettings: [{ category: 'A', threshold: 'B' }],
    toolConfig: { includeServerSideToolInvocations: true },
    generationConfig: { responseModalities: ['TEXT'], seed: 1 },
  };
  const parsed = googleGenerate.parseRequest(body, { model: 'm' });
  expect(googleGenerate.renderRequest(parsed, target())).toEqual({ body, dropped: [] });
});
