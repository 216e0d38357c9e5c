import type { StopReason } from '../../chat/event.ts';

/**
 * Names behind the numbers that replies carry with `enum-encoding=int`.
 * https://github.com/googleapis/googleapis/blob/master/google/ai/generativelanguage/v1beta/generative_service.proto
 */
const NAMES: Record<number, string> = {
  1: 'STOP',
  2: 'MAX_TOKENS',
  3: 'SAFETY',
  4: 'RECITATION',
  5: 'OTHER',
  6: 'LANGUAGE',
  7: 'BLOCKLIST',
  8: 'PROHIBITED_CONTENT',
  9: 'SPII',
  10: 'MALFORMED_FUNCTION_CALL',
  11: 'IMAGE_SAFETY',
  12: 'UNEXPECTED_TOOL_CALL',
  13: 'TOO_MANY_TOOL_CALLS',
  14: 'IMAGE_PROHIBITED_CONTENT',
  15: 'IMAGE_OTHER',
  16: 'NO_IMAGE',
  17: 'IMAGE_RECITATION',
};

const REASONS: Record<string, StopReason> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  JAILBREAK: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'malformed-tool-call',
  UNEXPECTED_TOOL_CALL: 'malformed-tool-call',
};

const WIRE_REASONS: Record<StopReason, string> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'context-full': 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  'malformed-tool-call': 'MALFORMED_FUNCTION_CALL',
  pause: 'OTHER',
  other: 'OTHER',
};

/** True for a value that says the candidate is finished; the enum's zero means that nothing was said. */
export function isFinishReason(reason: string | number | undefined): reason is string | number {
  return reason !== undefined && reason !== 0 && reason !== '' && reason !== 'FINISH_REASON_UNSPECIFIED';
}

/** Google says `STOP` after function calls, so whether there were `calls` decides, not the reason alone. */
export function parseFinishReason(reason: string | number, calls: number): StopReason {
  const name = typeof reason === 'number' ? (NAMES[reason] ?? '') : reason.toUpperCase();
  if (calls > 0 && (name === 'STOP' || name === 'UNEXPECTED_TOOL_CALL')) return 'tool-calls';
  return Object.hasOwn(REASONS, name) ? (REASONS[name] ?? 'other') : 'other';
}

export function renderFinishReason(reason: StopReason): string {
  return WIRE_REASONS[reason];
}
