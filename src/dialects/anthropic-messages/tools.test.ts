import { expect, test } from 'bun:test';
import type { ChatRequest, Tool } from '../../chat/request.ts';
import { renderRequest } from './render-request.ts';
import { chatRequest, target } from './test-conversation.ts';

function render(fields: Partial<ChatRequest>) {
  return renderRequest(chatRequest(fields), target());
}
const look: Tool = { type: 'function', name: 'look' };

test('the choice is said in the words of the wire', () => {
  const choiceOf = (fields: Partial<ChatRequest>) => render({ tools: [look], ...fields }).body.tool_choice;
  expect(choiceOf({})).toBeUndefined();
  expect(choiceOf({ toolChoice: { type: 'required' } })).toEqual({ type: 'any' });
  expect(choiceOf({ toolChoice: { type: 'none' }, parallelToolCalls: false })).toEqual({ type: 'none' });
  expect(choiceOf({ toolChoice: { type: 'tool', name: 'look' } })).toEqual({ type: 'tool', name: 'look' });
  expect(choiceOf({ parallelToolCalls: false })).toEqual({ type: 'auto', disable_parallel_tool_use: true });
  expect(choiceOf({ tools: [], toolChoice: { type: 'auto' } })).toBeUndefined();
});

test('only allowed tools are sent, and each has a schema of an object', () => {
  const { body } = render({
    tools: [look, { type: 'function', name: 'other', parameters: { properties: {} } }],
    toolChoice: { type: 'allowed', mode: 'required', names: ['other'] },
  });
  expect(body).toMatchObject({
    tools: [{ name: 'other', input_schema: { type: 'object', properties: {} } }],
    tool_choice: { type: 'any' },
  });
  expect(render({ tools: [look] }).body.tools).toEqual([
    { name: 'look', input_schema: { type: 'object', properties: {} } },
  ]);
});

test('a strict tool has a schema the provider can enforce, or is not strict', () => {
  const strict = (parameters: Record<string, unknown>) => render({ tools: [{ ...look, strict: true, parameters }] });
  const closed = strict({ type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'] });
  expect(closed.body.tools).toEqual([
    {
      name: 'look',
      strict: true,
      input_schema: {
        type: 'object',
        properties: { n: { type: 'integer', description: '{minimum: 1}' } },
        required: ['n'],
        additionalProperties: false,
      },
    },
  ]);
  const open = { type: 'object', additionalProperties: { type: 'string' } };
  expect(strict(open)).toMatchObject({ body: { tools: [{ input_schema: open }] }, dropped: ['tools.strict'] });
});
