import { expect, test } from 'bun:test';
import type { ToolChoice } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { foreignRequest } from '../openai-common/test-requests.ts';
import { parseRequest } from './parse-request.ts';
import { renderTools } from './tools.ts';

function parse(fields: JsonObject) {
  return parseRequest({ model: 'gpt-x', messages: [{ role: 'user', content: 'Hello' }], ...fields }, {});
}

test('functions, custom tools and tools of the provider are told apart', () => {
  const search = { type: 'web_search', depth: 2 };
  const { tools } = parse({
    tools: [
      { type: 'function', function: { name: 'a', description: 'A', parameters: { type: 'object' }, strict: true } },
      { function: { name: 'b' } },
      { type: 'custom', custom: { name: 'c', format: { type: 'text' } } },
      search,
    ],
  });
  expect(tools).toEqual([
    { type: 'function', name: 'a', description: 'A', parameters: { type: 'object' }, strict: true },
    { type: 'function', name: 'b' },
    { type: 'custom', name: 'c', format: { type: 'text' } },
    { type: 'other', dialect: 'openai-chat', value: search },
  ]);
});

test.each([
  ['auto', { type: 'auto' }],
  ['none', { type: 'none' }],
  ['required', { type: 'required' }],
  ['any', { type: 'required' }],
  [
    { type: 'function', function: { name: 'a' } },
    { type: 'tool', name: 'a' },
  ],
  [
    { type: 'custom', custom: { name: 'c' } },
    { type: 'tool', name: 'c' },
  ],
  [
    {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'a' } }] },
    },
    { type: 'allowed', mode: 'auto', names: ['a'] },
  ],
  [{ type: 'web_search' }, undefined],
])('the choice %j is understood', (wire, choice) => {
  expect<unknown>(parse({ tool_choice: wire }).toolChoice).toEqual(choice);
});

const tools = [
  { type: 'function' as const, name: 'a', parameters: { type: 'object' } },
  { type: 'custom' as const, name: 'c' },
];

test.each<[ToolChoice, unknown]>([
  [{ type: 'required' }, 'required'],
  [
    { type: 'tool', name: 'a' },
    { type: 'function', function: { name: 'a' } },
  ],
  [
    { type: 'tool', name: 'c' },
    { type: 'custom', custom: { name: 'c' } },
  ],
  [
    { type: 'allowed', mode: 'required', names: ['a'] },
    { type: 'function', function: { name: 'a' } },
  ],
  [
    { type: 'allowed', mode: 'auto', names: ['a'] },
    { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'a' } }] } },
  ],
])('the choice %j is written', (toolChoice, wire) => {
  const { fields, dropped } = renderTools(foreignRequest({ tools, toolChoice }));
  expect(fields.tool_choice).toEqual(wire);
  expect(dropped).toEqual([]);
});

test("another provider's own tools are left out and named, and a choice among none is not made", () => {
  const search = { type: 'other' as const, dialect: 'another', value: { type: 'search_v2', name: 'search' } };
  expect(renderTools(foreignRequest({ tools: [search], toolChoice: { type: 'auto' } }))).toEqual({
    fields: {},
    dropped: ['tool search'],
  });
  const both = renderTools(foreignRequest({ tools: [search, ...tools], toolChoice: { type: 'tool', name: 'search' } }));
  expect(both.dropped).toEqual(['tool search', 'toolChoice']);
  expect(both.fields.tools).toHaveLength(2);
});
