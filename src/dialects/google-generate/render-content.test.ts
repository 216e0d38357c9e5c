import { expect, test } from 'bun:test';
import type { Message } from '../../chat/request.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { ours, render, target, withLevels } from './test-support.ts';

const PLACEHOLDER = 'skip_thought_signature_validator';
const theirs = { dialect: 'another', value: 'secret' };

function contents(messages: Message[], at = target()) {
  return render({ messages }, at).body.contents;
}

test('a conversation with tools keeps every turn, and all answers stand at the start of the next turn', () => {
  const messages: Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', signature: theirs },
        { type: 'text', text: 'Looking.' },
        { type: 'tool-call', id: 'c1', name: 'weather', argumentsText: '{"city":"Oslo"}' },
        { type: 'tool-call', id: 'c2', name: 'weather', argumentsText: '{"city":' },
      ],
    },
    {
      role: 'user',
      content: [{ type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'snow' }], isError: false }],
    },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Thanks.' },
        { type: 'tool-result', callId: 'c2', content: [{ type: 'text', text: 'bad city' }], isError: true },
      ],
    },
  ];
  expect(contents(messages)).toEqual([
    { role: 'user', parts: [{ text: 'Weather?' }] },
    {
      role: 'model',
      parts: [
        { text: 'Looking.' },
        { functionCall: { id: 'c1', name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: PLACEHOLDER },
        { functionCall: { id: 'c2', name: 'weather', args: { _invalid_json: '{"city":' } } },
      ],
    },
    {
      role: 'user',
      parts: [
        { functionResponse: { id: 'c1', name: 'weather', response: { result: 'snow' } } },
        { functionResponse: { id: 'c2', name: 'weather', response: { error: 'bad city' } } },
        { text: 'Thanks.' },
      ],
    },
  ]);
});

test('our own signatures go back where they were', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', signature: ours('s0') },
        { type: 'tool-call', id: 'c1', name: 'f', argumentsText: '{}', signature: ours('s1') },
        { type: 'tool-call', id: 'c2', name: 'f', argumentsText: '', signature: theirs },
        { type: 'text', text: '', signature: ours('s2') },
        { type: 'other', dialect: 'google-generate', value: { executableCode: { code: '1' } } },
      ],
    },
  ];
  expect(contents(messages)).toEqual([
    {
      role: 'model',
      parts: [
        { text: 'Hm.', thought: true, thoughtSignature: 's0' },
        { functionCall: { id: 'c1', name: 'f', args: {} }, thoughtSignature: 's1' },
        { functionCall: { id: 'c2', name: 'f', args: {} } },
        { text: '', thoughtSignature: 's2' },
        { executableCode: { code: '1' } },
      ],
    },
  ]);
});

test('instructions go before the conversation, or into it where they are all there is', () => {
  const system = [{ type: 'text' as const, text: 'Be brief.' }];
  expect(render({ system }).body.systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }] });
  expect(render({ system, messages: [] }).body).toEqual({
    contents: [{ role: 'user', parts: [{ text: 'Be brief.' }] }],
  });
  const midway: Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'system', content: [{ type: 'text', text: 'Now in French.' }] },
  ];
  expect(contents(midway)).toEqual([{ role: 'user', parts: [{ text: 'Hi' }, { text: 'Now in French.' }] }]);
});

test('media is sent inline, and by address only where Google reads it', () => {
  const image = (url: string): Message[] => [
    { role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] },
  ];
  expect(contents(image('data:image/png;base64,AAAA'))).toEqual([
    { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
  ]);
  expect(contents(image('gs://bucket/cat.png'))).toEqual([
    { role: 'user', parts: [{ fileData: { fileUri: 'gs://bucket/cat.png' } }] },
  ]);
  const error = refusalOf(() => contents(image('https://example.com/cat.png')));
  expect(error.code).toBe('unsupported');
  expect(error.message).toContain('https://example.com/cat.png');
  const foreign: Message[] = [{ role: 'user', content: [{ type: 'file', source: { type: 'file-id', id: 'file-1' } }] }];
  expect(refusalOf(() => contents(foreign)).code).toBe('unsupported');
});

test('an image a tool gave goes into the response of models that have levels, else beside it', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      content: [{ type: 'tool-call', id: 'c1', name: 'look', argumentsText: '{}', signature: ours('s') }],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool-result',
          callId: 'c1',
          content: [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } }],
          isError: false,
        },
      ],
    },
  ];
  const inlineData = { mimeType: 'image/png', data: 'AAAA' };
  const response = { id: 'c1', name: 'look', response: { result: '' } };
  expect(contents(messages)).toMatchObject([{}, { parts: [{ functionResponse: response }, { inlineData }] }]);
  expect(contents(messages, withLevels)).toMatchObject([
    {},
    { parts: [{ functionResponse: { ...response, parts: [{ inlineData }] } }] },
  ]);
});

test('a longer conversation starts with the same bytes', () => {
  const start: Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'A' }] },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'f', argumentsText: '{}' }] },
  ];
  const more: Message[] = [...start, { role: 'user', content: [{ type: 'text', text: 'B' }] }];
  const short = JSON.stringify(contents(start)).slice(0, -1);
  expect(JSON.stringify(contents(more))).toStartWith(short);
});
