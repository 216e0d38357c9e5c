import { expect, test } from 'bun:test';
import type { ChatRequest } from '../../chat/request.ts';
import { renderRequest } from './render-request.ts';
import { chatRequest, target, text } from './test-conversation.ts';

function render(fields: Partial<ChatRequest>) {
  return renderRequest(chatRequest(fields), target());
}

test('plain JSON is asked for in the instructions', () => {
  const { body, dropped } = render({ system: [text('Hi')], output: { type: 'json' } });
  expect(body.system).toMatchObject([{ text: 'Hi' }, { text: expect.stringContaining('valid JSON object') }]);
  expect(body.output_config).toBeUndefined();
  expect(dropped).toEqual([]);
});

test('a schema is enforced, in the subset the provider takes', () => {
  const schema = {
    type: 'object',
    properties: {
      minimum: { type: 'string', format: 'email', maxLength: 5 },
      list: { type: 'array', items: { type: 'object', properties: { a: { oneOf: [{ type: 'null' }] } } } },
    },
  };
  const { body } = render({ output: { type: 'json-schema', schema, description: 'A thing.' } });
  expect(body.output_config).toEqual({
    format: {
      type: 'json_schema',
      schema: {
        description: 'A thing.',
        type: 'object',
        properties: {
          minimum: { type: 'string', format: 'email', description: '{maxLength: 5}' },
          list: {
            type: 'array',
            items: {
              type: 'object',
              properties: { a: { anyOf: [{ type: 'null' }] } },
              additionalProperties: false,
            },
          },
        },
        additionalProperties: false,
      },
    },
  });
});

test('a schema with free fields is asked for in the instructions, and that is named', () => {
  const { body, dropped } = render({ output: { type: 'json-schema', schema: { type: 'object' } } });
  expect(body.system).toMatchObject([{ text: expect.stringContaining('{"type":"object"}') }]);
  expect(dropped).toEqual(['output.schema']);
});

test('a schema nested without end is asked for in the instructions', () => {
  let schema: Record<string, unknown> = { type: 'string' };
  for (let depth = 0; depth < 20_000; depth++) schema = { type: 'array', items: schema };
  const { dropped } = render({ output: { type: 'json-schema', schema } });
  expect(dropped).toEqual(['output.schema']);
});
