import { describe, expect, test } from 'bun:test';
import type { ChatRequest, Tool } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { foreignRequest } from '../openai-common/test-requests.ts';
import { isStrictSchema } from './strict-schema.ts';
import { renderTools } from './tools.ts';

const closed = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
const look: Tool = { type: 'function', name: 'look', description: 'd', parameters: { type: 'object' } };
const run: Tool = {
  type: 'custom',
  name: 'run',
  format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } },
};

const render = (fields: Partial<ChatRequest>) => renderTools(foreignRequest({ tools: [look, run], ...fields }));

describe('the tools of another dialect', () => {
  test('are flat, and strict only where they say so and OpenAI can', () => {
    const { fields, dropped } = render({
      tools: [
        look,
        { type: 'function', name: 'wait' },
        { type: 'function', name: 'strict', parameters: closed, strict: true },
        { type: 'function', name: 'loose', parameters: { type: 'object' }, strict: true },
        run,
      ],
    });
    expect(dropped).toEqual(['tools.strict']);
    expect(fields.tools).toEqual([
      { type: 'function', name: 'look', description: 'd', parameters: { type: 'object' }, strict: false },
      {
        type: 'function',
        name: 'wait',
        parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
        strict: false,
      },
      { type: 'function', name: 'strict', parameters: closed, strict: true },
      { type: 'function', name: 'loose', parameters: { type: 'object' }, strict: false },
      { type: 'custom', name: 'run', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    ]);
  });

  test.each<[ChatRequest['toolChoice'], unknown]>([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [
      { type: 'tool', name: 'look' },
      { type: 'function', name: 'look' },
    ],
    [
      { type: 'tool', name: 'run' },
      { type: 'custom', name: 'run' },
    ],
    [
      { type: 'allowed', mode: 'required', names: ['look', 'gone'] },
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'look' }] },
    ],
    [{ type: 'tool', name: 'gone' }, undefined],
  ])('are chosen from: %j', (toolChoice, expected) => {
    const { fields, dropped } = render({ toolChoice, parallelToolCalls: false });
    expect<unknown>(fields.tool_choice).toEqual(expected);
    expect(fields.parallel_tool_calls).toBe(false);
    expect(dropped).toEqual(expected === undefined ? ['toolChoice'] : []);
  });

  test('that its provider runs are left out and named, and a choice among none with them', () => {
    const search: Tool = { type: 'other', dialect: 'another', value: { googleSearch: {} } };
    expect(render({ tools: [search], toolChoice: { type: 'required' } })).toEqual({
      fields: {},
      dropped: ['tool googleSearch'],
    });
  });
});

describe('a schema', () => {
  const nested = (inner: JsonObject) => ({ ...closed, properties: { a: inner } });
  let deep: JsonObject = closed;
  for (let level = 0; level < 20_000; level++) deep = nested(deep);

  test.each<[boolean, string, JsonObject]>([
    [true, 'that is closed', closed],
    [true, 'of closed parts', nested({ anyOf: [{ type: 'array', items: closed }, { type: 'null' }] })],
    [true, 'with local references', { ...nested({ $ref: '#/$defs/b' }), $defs: { b: closed } }],
    [false, 'that is open', { ...closed, additionalProperties: true }],
    [false, 'with an optional field', { ...closed, required: [] }],
    [false, 'with an open part', nested({ type: 'array', items: { type: 'object' } })],
    [false, 'with an open definition', { ...nested({ $ref: '#/$defs/b' }), $defs: { b: { type: 'object' } } }],
    [false, 'with a foreign reference', nested({ $ref: 'https://example.com/b' })],
    [false, 'with a keyword OpenAI lacks', nested({ type: 'string', minLength: 1 })],
    [false, 'with a format OpenAI lacks', nested({ type: 'string', format: 'uri' })],
    [false, 'with a part of any type', nested({})],
    [false, 'that is no object', { type: 'array', items: closed }],
    [false, 'that is too deep', deep],
  ])('is strict: %p, %s', (expected, _name, schema) => {
    expect(isStrictSchema(schema)).toBe(expected);
  });
});
