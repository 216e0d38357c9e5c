import { expect, test } from 'bun:test';
import type { JsonObject } from '../../lib/json.ts';
import { googleGenerate } from './index.ts';
import { target, withBudget, withLevels } from './test-support.ts';

test('retargeting changes the model and nothing else', () => {
  const body = { contents: [{ parts: [{ text: 'x' }] }], model: 'models/old', generationConfig: { seed: 1 } };
  const moved = googleGenerate.retarget(body, target());
  expect(JSON.stringify(moved)).toBe(JSON.stringify({ ...body, model: 'models/gemini-test' }));
  expect(moved.contents).toBe(body.contents);
  expect(googleGenerate.retarget({ contents: [] }, target())).toEqual({ contents: [] });
});

const call = (id: string | undefined, more: JsonObject = {}) => ({
  functionCall: { ...(id ? { id } : {}), name: 'look', args: {} },
  ...more,
});
const turn = (...parts: JsonObject[]) => ({
  contents: [
    { role: 'user', parts: [{ text: 'Hi' }] },
    { role: 'model', parts },
  ],
});
const partsOf = (body: JsonObject) => (body.contents as { parts: JsonObject[] }[])[1]?.parts;

test('a call that another vendor made, and nobody signed, gets the sign Google has for it', () => {
  const thoughtSignature = 'skip_thought_signature_validator';
  const body = turn({ text: 'I look.' }, call('toolu_1'), call('toolu_2'));
  const moved = googleGenerate.retarget(body, withLevels);
  expect(partsOf(moved)).toEqual([{ text: 'I look.' }, call('toolu_1', { thoughtSignature }), call('toolu_2')]);
  expect(partsOf(body)?.[1]).not.toHaveProperty('thoughtSignature');
  const snake = { contents: [{}, { role: 'model', parts: [{ function_call: { id: 'a', name: 'look' } }] }] };
  expect(partsOf(googleGenerate.retarget(snake, withLevels))?.[0]).toMatchObject({ thoughtSignature });
});

test.each([
  ['was signed', turn(call('abc', { thoughtSignature: 's' }), call('def')), withLevels],
  ['was signed in the other spelling', turn(call('abc', { thought_signature: 's' })), withLevels],
  ['has no id, as with older models', turn(call(undefined)), withLevels],
  ['goes to a model that asks for no signature', turn(call('toolu_1')), withBudget],
  ["is the user's", { contents: [{}, { role: 'user', parts: [call('a')] }] }, withLevels],
])('a call that %s is left as it is', (_name, body, to) => {
  expect(googleGenerate.retarget(body, to)).toEqual(body);
});

test('a strange body is left for the provider to refuse', () => {
  for (const contents of [undefined, 'a', [null, 5, {}], [{ role: 'model', parts: [null, 'a'] }]]) {
    expect(googleGenerate.retarget({ contents }, withLevels)).toEqual({ contents });
  }
});
