import { expect, test } from 'bun:test';
import type { AssistantPart, ChatRequest, Reasoning, Tool } from '../../chat/request.ts';
import type { Target } from '../dialect.ts';
import { renderRequest } from './render-request.ts';
import { assistant, call, chatRequest, result, target, text, user } from './test-conversation.ts';

function render(fields: Partial<ChatRequest> = {}, to: Partial<Target> = {}) {
  return renderRequest(chatRequest(fields), target(to));
}
const look: Tool = { type: 'function', name: 'look' };
const thinks = (efforts: string[] = [], required = false) => ({ reasoning: { supported: true, required, efforts } });
const think = (reasoning: Reasoning, to: Partial<Target>, fields: Partial<ChatRequest> = {}) => {
  const { body, dropped } = render({ reasoning, ...fields }, to);
  const { thinking, output_config, temperature, top_k, top_p } = body;
  return JSON.parse(JSON.stringify({ thinking, output_config, temperature, top_k, top_p, dropped }));
};

test('models without efforts get a budget below the limit', () => {
  const enabled = (budget_tokens: number) => ({ thinking: { type: 'enabled', budget_tokens }, dropped: [] });
  expect(think({ budgetTokens: 3000 }, thinks())).toEqual(enabled(3000));
  expect(think({ effort: 'low' }, thinks())).toEqual(enabled(2048));
  expect(think({ effort: 'max' }, thinks(), { maxOutputTokens: 8000 })).toEqual(enabled(6000));
  expect(think({ budgetTokens: 9000 }, thinks(), { maxOutputTokens: 8000 })).toEqual(enabled(7999));
  expect(think({ budgetTokens: -1 }, thinks())).toEqual(enabled(8192));
  expect(think({ budgetTokens: 10 }, thinks())).toEqual(enabled(1024));
  expect(think({ effort: 'low' }, thinks(), { maxOutputTokens: 1024 })).toEqual({ dropped: ['reasoning'] });
});

test('models with efforts decide themselves, within the effort', () => {
  const to = thinks(['low', 'medium', 'high']);
  const adaptive = { type: 'adaptive' };
  expect(think({ effort: 'medium' }, to)).toEqual({
    thinking: adaptive,
    output_config: { effort: 'medium' },
    dropped: [],
  });
  expect(think({ effort: 'max' }, to)).toMatchObject({
    output_config: { effort: 'high' },
    dropped: ['reasoning.effort'],
  });
  expect(think({ effort: 'minimal' }, to)).toMatchObject({ output_config: { effort: 'low' } });
  expect(think({ budgetTokens: 20_000 }, to)).toMatchObject({ output_config: { effort: 'high' }, dropped: [] });
  expect(think({ isAdaptive: true, includeThoughts: true }, to)).toEqual({
    thinking: { type: 'adaptive', display: 'summarized' },
    dropped: [],
  });
});

test('no thinking is said where a model would think, and named where it must', () => {
  expect(think({ effort: 'none' }, thinks())).toEqual({ thinking: { type: 'disabled' }, dropped: [] });
  expect(think({ budgetTokens: 0 }, thinks(['low'], true))).toEqual({ dropped: ['reasoning'] });
  const none = { reasoning: { supported: false, required: false, efforts: [] } };
  expect(think({ effort: 'none' }, none)).toEqual({ dropped: [] });
  expect(think({ effort: 'high' }, none)).toEqual({ dropped: ['reasoning'] });
});

test('a thinking model takes no sampling parameters', () => {
  const fields = { temperature: 0.5, topP: 0.5, topK: 3 };
  expect(think({ effort: 'low' }, thinks(), fields)).toMatchObject({ dropped: ['temperature', 'topP', 'topK'] });
  expect(render(fields, thinks(['high', 'xhigh'])).dropped).toEqual(['temperature', 'topP', 'topK']);
  expect(render({ temperature: 1 }, thinks(['high', 'xhigh']))).toMatchObject({ dropped: [] });
  expect(render({ temperature: 0.5, topP: 1 }).body).toMatchObject({ temperature: 0.5 });
  expect(render({ temperature: 0.5, topP: 0.9 }).dropped).toEqual(['topP']);
  expect(render({ temperature: 1, topP: 0.9 })).toMatchObject({ body: { top_p: 0.9 }, dropped: [] });
});

test('a forced call or a turn without its thoughts goes without', () => {
  const forced = { tools: [look], toolChoice: { type: 'required' as const } };
  expect(think({ effort: 'low' }, thinks(), forced)).toEqual({ dropped: ['reasoning'] });
  expect(think({ effort: 'low' }, thinks(['low']), forced)).toEqual({
    output_config: { effort: 'low' },
    dropped: ['reasoning'],
  });
  const loop = (first: AssistantPart) => ({
    messages: [user(text('x')), assistant(first, call('a')), user(result('a'))],
  });
  expect(think({ effort: 'low' }, thinks(), loop(text('y')))).toEqual({ dropped: ['reasoning'] });
  const signature = { dialect: 'anthropic-messages', value: 's' };
  const thought: AssistantPart = { type: 'reasoning', text: 'y', signature };
  expect(think({ effort: 'low' }, thinks(), loop(thought))).toMatchObject({ thinking: { type: 'enabled' } });
});
