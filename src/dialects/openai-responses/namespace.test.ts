import { describe, expect, test } from 'bun:test';
import { collect } from '../../chat/reply.ts';
import type { JsonObject } from '../../lib/json.ts';
import { contextOf, target } from '../openai-common/test-requests.ts';
import { openaiResponses } from './index.ts';
import { messagesIn } from './test-requests.ts';

const open = { type: 'function', name: 'open', parameters: { type: 'object' }, strict: false };
const github = {
  type: 'namespace',
  name: 'github',
  description: 'Issues.',
  tools: [open, { type: 'custom', name: 'run' }],
};
const call = { type: 'function_call', call_id: 'c1', name: 'open', arguments: '{}', namespace: 'github' };
const parse = (fields: JsonObject) => openaiResponses.parseRequest({ model: 'gpt-x', input: 'Hello', ...fields }, {});
const render = (fields: JsonObject) => openaiResponses.renderRequest(parse(fields), target());

describe('tools in a namespace', () => {
  test('have their whole names in our words', () => {
    const namespace = { name: 'github', description: 'Issues.' };
    expect(parse({ tools: [github] }).tools).toEqual([
      { type: 'function', name: 'github__open', parameters: { type: 'object' }, strict: false, namespace },
      { type: 'custom', name: 'github__run', namespace },
    ]);
  });

  test('are written as they were, and so are calls of them and a choice among them', () => {
    const tools = [{ type: 'function', name: 'look' }, github];
    const output = { type: 'function_call_output', call_id: 'c1', output: 'done' };
    const tool_choice = { type: 'function', name: 'open', namespace: 'github' };
    const { body, dropped } = render({ tools, tool_choice, input: [{ role: 'user', content: 'Hi' }, call, output] });
    expect(dropped).toEqual([]);
    expect(body.tools).toEqual(tools);
    expect(body.tool_choice).toEqual(tool_choice);
    expect(body.input).toContainEqual(call);
  });

  test('may come in an item, which is no turn of the conversation', () => {
    const input = [
      { type: 'additional_tools', role: 'developer', tools: [github] },
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ];
    const { tools, system, messages } = parse({ input });
    expect(tools).toMatchObject([{ name: 'github__open' }, { name: 'github__run' }]);
    expect(system).toMatchObject([{ text: 'Be brief.' }]);
    expect(messages).toHaveLength(1);
  });

  test('that is none of the request’s is a name OpenAI made up', () => {
    const { messages } = parse({ input: [call, { type: 'function_call_output', call_id: 'c1', output: 'done' }] });
    expect(messages[0]?.content).toMatchObject([{ type: 'tool-call', name: 'open' }]);
  });

  test('are called by another vendor’s model with the namespace beside the name', () => {
    const context = contextOf(parse({ tools: [github], stream: true }));
    const events = [
      { type: 'start', id: '', model: 'claude' },
      { type: 'tool-call-start', choice: 0, call: 0, id: 'toolu_1', name: 'github__open' },
      { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{}' },
      { type: 'tool-call-end', choice: 0, call: 0 },
      { type: 'stop', choice: 0, reason: 'tool-calls' },
      { type: 'finish', usage: collect([]).usage },
    ] as const;
    const renderer = openaiResponses.createStreamRenderer(context);
    const told = messagesIn(events.map((event) => renderer.render(event)).join(''));
    const expected = { type: 'function_call', name: 'open', namespace: 'github' };
    for (const type of ['response.output_item.added', 'response.output_item.done'])
      expect(told.find((message) => message.type === type)).toMatchObject({ item: expected });
    expect(openaiResponses.renderReply(collect([...events]), context)).toMatchObject({ output: [expected] });
  });
});
