import type { ChatEvent, StopReason } from '../../chat/event.ts';
import type { JsonObject } from '../../lib/json.ts';
import { renderFinishReason } from './finish-reason.ts';
import { renderDetails } from './reasoning.ts';
import { renderAnnotation, renderLogprobs } from './render-annotation.ts';
import { renderExtraContent } from './signature.ts';

export type ChoiceEvent = Extract<ChatEvent, { choice: number }>;
type ThoughtEnd = Extract<ChatEvent, { type: 'reasoning-end' }>;
type CallStart = Extract<ChatEvent, { type: 'tool-call-start' }>;
type CallDelta = Extract<ChatEvent, { type: 'tool-call-delta' }>;

interface Options {
  index: number;
  /** Whether calls go into `function_call`, which holds one. */
  isLegacy: boolean;
}

/** Turns the events of one choice into the `choices` entries of chunks; the first entry says the role. */
export function createChoiceRenderer({ index, isLegacy }: Options) {
  const calls = createCallRenderer(isLegacy);
  let isOpen = false;
  let isStopped = false;
  let hasRefusal = false;
  let textLength = 0;
  let thought = '';

  const entry = (fields: JsonObject): JsonObject => ({
    index,
    delta: {},
    logprobs: null,
    finish_reason: null,
    ...fields,
  });

  function open(): JsonObject[] {
    if (isOpen) return [];
    isOpen = true;
    return [entry({ delta: { role: 'assistant', content: '', refusal: null } })];
  }

  function render(event: ChoiceEvent): JsonObject[] {
    if (event.type === 'stop') return stop(event.reason);
    if (event.type === 'logprobs') {
      return [...open(), entry({ logprobs: { content: renderLogprobs(event.tokens), refusal: null } })];
    }
    const delta = deltaOf(event);
    return delta ? [...open(), entry({ delta })] : [];
  }

  function deltaOf(event: Exclude<ChoiceEvent, { type: 'stop' | 'logprobs' }>): JsonObject | undefined {
    switch (event.type) {
      case 'text-delta':
        textLength += event.text.length;
        return event.text === '' ? undefined : { content: event.text };
      case 'refusal-delta':
        hasRefusal = true;
        return { refusal: event.text };
      case 'reasoning-delta':
        thought += event.text;
        return event.text === '' ? undefined : { reasoning_content: event.text };
      case 'reasoning-end':
        return endThought(event);
      case 'citation': {
        const annotations = renderAnnotation(event.citation, textLength);
        return annotations.length > 0 ? { annotations } : undefined;
      }
      case 'tool-call-start':
        return calls.start(event);
      case 'tool-call-delta':
        return calls.add(event);
      case 'tool-call-end':
        return calls.end(event.call);
    }
  }

  /**
   * A proof comes with the whole text it proves: the official client adds up only the fields it knows, and keeps the last
   * piece of any other.
   */
  function endThought({ signature, redacted }: ThoughtEnd): JsonObject | undefined {
    const details = renderDetails({ text: thought, signature, redacted });
    thought = '';
    return details.length > 0 ? { reasoning_details: details } : undefined;
  }

  function stop(reason: StopReason): JsonObject[] {
    if (isStopped) return [];
    isStopped = true;
    const finish = renderFinishReason(reason, hasRefusal);
    return [...open(), entry({ finish_reason: isLegacy && finish === 'tool_calls' ? 'function_call' : finish })];
  }

  return { open, render, stop };
}

/** The deltas of the calls of one choice. */
function createCallRenderer(isLegacy: boolean) {
  const custom = new Set<number>();
  /** Calls without arguments so far. */
  const silent = new Set<number>();

  function start({ call, id, name, isCustom, signature }: CallStart): JsonObject | undefined {
    const extra = renderExtraContent(signature);
    if (isCustom) {
      custom.add(call);
      return { tool_calls: [{ index: call, id, type: 'custom', custom: { name, input: '' }, ...extra }] };
    }
    silent.add(call);
    const named = { name, arguments: '' };
    if (isLegacy) return call === 0 ? { function_call: named } : undefined;
    return { tool_calls: [{ index: call, id, type: 'function', function: named, ...extra }] };
  }

  function add({ call, argumentsText }: Pick<CallDelta, 'call' | 'argumentsText'>): JsonObject | undefined {
    if (argumentsText === '') return undefined;
    if (custom.has(call)) return { tool_calls: [{ index: call, custom: { input: argumentsText } }] };
    silent.delete(call);
    if (isLegacy) return call === 0 ? { function_call: { arguments: argumentsText } } : undefined;
    return { tool_calls: [{ index: call, function: { arguments: argumentsText } }] };
  }

  /** Clients parse the arguments, and no text is no JSON. */
  function end(call: number): JsonObject | undefined {
    return silent.has(call) ? add({ call, argumentsText: '{}' }) : undefined;
  }

  return { start, add, end };
}
