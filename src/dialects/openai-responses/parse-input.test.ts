import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../lib/json.ts';
import { openaiResponses } from './index.ts';
import { ours } from './test-requests.ts';

const parse = (fields: JsonObject) => openaiResponses.parseRequest({ model: 'gpt-x', input: 'Hello', ...fields }, {});
const messagesOf = (...input: JsonObject[]) => parse({ input }).messages;
const text = (value: string) => ({ type: 'text' as const, text: value });

describe('the conversation', () => {
  test('may be a string, and its instructions a field', () => {
    const { system, messages } = parse({ instructions: 'Be brief.' });
    expect(system).toEqual([text('Be brief.')]);
    expect(messages).toEqual([{ role: 'user', content: [text('Hello')] }]);
  });

  test('may be items with and without a type, with text as a string or in parts', () => {
    const { system, messages } = parse({
      instructions: 'One.',
      input: [
        { role: 'developer', content: 'Two.' },
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Three.' }] },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: [{ type: 'output_text', text: 'Hi.', annotations: [] }] },
        { role: 'developer', content: 'Four.' },
      ],
    });
    expect(system).toEqual([text('One.'), text('Two.'), text('Three.')]);
    expect(messages).toEqual([
      { role: 'user', content: [text('Hello')] },
      { role: 'assistant', content: [text('Hi.')] },
      { role: 'system', content: [text('Four.')] },
    ]);
  });

  test('may hold images, files and sound in all their forms', () => {
    const parts = [
      { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'high' },
      { type: 'input_image', image_url: 'data:image/png;base64,AA==' },
      { type: 'input_image', file_id: 'file-1' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' },
      { type: 'input_file', filename: 'b.pdf', file_data: 'AA==' },
      { type: 'input_file', file_url: 'https://example.com/a.pdf' },
      { type: 'input_file', file_id: 'file-2' },
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } },
      { type: 'input_video', video_url: 'https://example.com/a.mp4' },
    ];
    expect(messagesOf({ role: 'user', content: parts })[0]?.content).toEqual([
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, detail: 'high' },
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
      { type: 'image', source: { type: 'file-id', id: 'file-1' } },
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' }, filename: 'a.pdf' },
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' }, filename: 'b.pdf' },
      { type: 'file', source: { type: 'url', url: 'https://example.com/a.pdf' } },
      { type: 'file', source: { type: 'file-id', id: 'file-2' } },
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/mpeg', data: 'AA==' } },
      { type: 'other', dialect: 'openai-responses', value: parts[8] ?? {} },
    ]);
  });

  test('folds the items of a turn into one message, and its results into the next', () => {
    expect(
      messagesOf(
        { role: 'user', content: 'Look' },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'E' },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          phase: 'commentary',
          content: 'I will.',
        },
        { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'look', arguments: '{"a":1}', status: 'completed' },
        { type: 'custom_tool_call', call_id: 'c2', name: 'run', input: 'ls' },
        { type: 'function_call_output', call_id: 'c1', output: 'seen' },
        {
          type: 'custom_tool_call_output',
          call_id: 'c2',
          output: [
            { type: 'input_text', text: 'a' },
            { type: 'input_image', image_url: 'data:image/png;base64,AA==' },
          ],
        },
        { role: 'user', content: 'So?' },
      ),
    ).toEqual([
      { role: 'user', content: [text('Look')] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', redacted: ours({ encrypted_content: 'E', id: 'rs_1' }) },
          { ...text('I will.'), signature: ours({ item: { id: 'msg_1', phase: 'commentary' } }) },
          {
            type: 'tool-call',
            id: 'c1',
            name: 'look',
            argumentsText: '{"a":1}',
            signature: ours({ item: { id: 'fc_1' } }),
          },
          { type: 'tool-call', id: 'c2', name: 'run', argumentsText: 'ls', isCustom: true },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool-result', callId: 'c1', content: [text('seen')], isError: false },
          {
            type: 'tool-result',
            callId: 'c2',
            content: [text('a'), { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } }],
            isError: false,
          },
        ],
      },
      { role: 'user', content: [text('So?')] },
    ]);
  });

  test('keeps two answers in a row apart, and items of tools the provider runs as they are', () => {
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const approval = { type: 'mcp_approval_response', approval_request_id: 'a', approve: true };
    const reference = { id: 'msg_9' };
    const orphan = { type: 'custom_tool_call_output', call_id: 'c', output: 'x' };
    const other = (value: JsonObject) => ({ type: 'other' as const, dialect: 'openai-responses', value });
    expect(
      messagesOf(
        search,
        { role: 'assistant', content: 'One.' },
        { role: 'assistant', content: 'Two.' },
        approval,
        orphan,
        reference,
      ),
    ).toEqual([
      { role: 'assistant', content: [other(search), text('One.')] },
      { role: 'assistant', content: [text('Two.')] },
      { role: 'user', content: [other(approval), other(orphan)] },
      { role: 'assistant', content: [other(reference)] },
    ]);
  });

  test("gives another vendor's proofs back from the items they were sealed into, and forgets ids that we made", () => {
    const seal = (foreign: object) => `dialects/${JSON.stringify(foreign)}`;
    const proof = { dialect: 'another', value: 'p' };
    const summary = [{ type: 'summary_text', text: 'Hm.' }];
    expect(
      messagesOf(
        { type: 'reasoning', id: 'rs_gw_1_0', summary, encrypted_content: seal({ signature: proof }) },
        { type: 'reasoning', id: 'rs_gw_1_1', summary: [], encrypted_content: seal({ call: proof }) },
        { type: 'function_call', id: 'fc_gw_1_2', call_id: 'c1', name: 'look', arguments: '' },
        { type: 'function_call', id: 'fc_gw_1_3', call_id: 'c2', name: 'look', arguments: '{}' },
        { type: 'reasoning', id: 'rs_gw_1_4', summary: [], encrypted_content: seal({}) },
        { type: 'reasoning', id: 'rs_gw_1_5', summary },
        { type: 'message', id: 'msg_gw_1_6', role: 'assistant', content: 'Hi.' },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', signature: proof },
          { type: 'tool-call', id: 'c1', name: 'look', argumentsText: '{}', signature: proof },
          { type: 'tool-call', id: 'c2', name: 'look', argumentsText: '{}' },
          { type: 'reasoning', text: 'Hm.' },
          text('Hi.'),
        ],
      },
    ]);
  });
});
