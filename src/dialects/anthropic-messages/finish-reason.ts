import type { StopReason } from '../../chat/event.ts';

const FROM_WIRE: Record<string, StopReason> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  tool_use: 'tool-calls',
  refusal: 'refusal',
  pause_turn: 'pause',
  // The provider compacted the conversation and stopped for the client to go on with it.
  compaction: 'pause',
  model_context_window_exceeded: 'context-full',
};

const TO_WIRE: Record<StopReason, string> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  'content-filter': 'refusal',
  pause: 'pause_turn',
  'context-full': 'model_context_window_exceeded',
  'malformed-tool-call': 'end_turn',
  other: 'end_turn',
};

/** Our word for the wire's reason; `other` for one that is new or missing. */
export function parseStopReason(reason: string | null | undefined): StopReason {
  return (typeof reason === 'string' && Object.hasOwn(FROM_WIRE, reason) && FROM_WIRE[reason]) || 'other';
}

/** The wire's word. A plain stop after a refusal or a call is said as what it was, because clients act on the word alone. */
export function renderStopReason(reason: StopReason, seen: { refusal: boolean; calls: boolean }): string {
  const isPlain = reason === 'stop' || reason === 'other';
  if (isPlain && seen.refusal) return 'refusal';
  if (isPlain && seen.calls) return 'tool_use';
  return TO_WIRE[reason];
}
