import { expect, test } from 'bun:test';
import { googleGenerate } from './index.ts';
import { hello } from './test-support.ts';

test('a Google schema becomes JSON Schema', () => {
  const { tools, output } = googleGenerate.parseRequest(
    {
      ...hello,
      tools: {
        functionDeclarations: {
          name: 'f',
          parameters: {
            type: 6,
            properties: {
              b: { type: 'STRING', nullable: true, enum: ['x'], format: 'enum' },
              a: { type: 'ARRAY', items: { type: 'INTEGER' }, min_items: '1' },
              type: { anyOf: [{ type: 'NUMBER' }], nullable: true },
            },
            propertyOrdering: ['a', 'b'],
            required: ['a'],
          },
        },
        googleSearch: {},
        codeExecution: null,
      },
      generationConfig: { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } },
    },
    { model: 'm' },
  );
  expect(tools).toEqual([
    {
      type: 'function',
      name: 'f',
      parameters: {
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'integer' }, minItems: 1 },
          b: { type: ['string', 'null'], enum: ['x', null] },
          type: { anyOf: [{ type: 'number' }, { type: 'null' }] },
        },
        required: ['a'],
      },
    },
    { type: 'other', dialect: 'google-generate', value: { googleSearch: {} } },
  ]);
  const parameters = tools[0]?.type === 'function' ? tools[0].parameters : {};
  expect(Object.keys(parameters?.properties as object)).toEqual(['a', 'b', 'type']);
  expect(output).toEqual({ type: 'json-schema', schema: { type: 'object' } });
});
