import type { StopReason } from '../../chat/event.ts';

/** `stop`, `length`, `tool_calls`, `function_call` and `content_filter` are OpenAI's; the rest are those of servers like it. */
const REASONS = new Map<string, StopReason>(
  Object.entries({
    stop: 'stop',
    eos: 'stop',
    end_turn: 'stop',
    stop_sequence: 'stop-sequence',
    length: 'length',
    max_tokens: 'length',
    model_length: 'context-full',
    tool_calls: 'tool-calls',
    tool_use: 'tool-calls',
    function_call: 'tool-calls',
    content_filter: 'content-filter',
    safety: 'content-filter',
    recitation: 'content-filter',
    blocklist: 'content-filter',
    prohibited_content: 'content-filter',
    spii: 'content-filter',
    refusal: 'refusal',
    malformed_function_call: 'malformed-tool-call',
  } as const),
);

interface Answer {
  hasCalls: boolean;
  hasRefusal: boolean;
}

/**
 * Why the model stopped. What it wrote has a say: a forced call ends in `stop` at OpenAI and any call does at some other
 * servers, and a refusal always does.
 */
export function parseFinishReason(wire: string | undefined, { hasCalls, hasRefusal }: Answer): StopReason {
  const known = wire === undefined ? undefined : REASONS.get(wire.toLowerCase());
  const reason = known ?? 'other';
  if (reason !== 'stop' && reason !== 'other') return reason;
  if (hasCalls) return 'tool-calls';
  return hasRefusal ? 'refusal' : reason;
}

/** OpenAI's word. A refusal in words ends in `stop` there; one without any is a filtered answer. */
export function renderFinishReason(reason: StopReason, hasRefusal: boolean): string {
  switch (reason) {
    case 'length':
    case 'context-full':
      return 'length';
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      return hasRefusal ? 'stop' : 'content_filter';
    case 'stop':
    case 'stop-sequence':
    case 'pause':
    case 'malformed-tool-call':
    case 'other':
      return 'stop';
  }
}
