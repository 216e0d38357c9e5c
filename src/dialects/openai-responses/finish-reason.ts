import type { StopReason } from '../../chat/event.ts';

interface Answer {
  hasCalls: boolean;
  hasRefusal: boolean;
}

/** How a response ended, in OpenAI's words. */
export interface WireEnd {
  status: 'completed' | 'incomplete';
  incomplete_details: { reason: string } | null;
}

/**
 * Why the model stopped. `status` says whether it could finish; whether that was to call a tool or to refuse shows
 * only in what it wrote. Of background responses, whose answer is still to come, only that is known.
 */
export function parseStop(status: string | undefined, reason: unknown, { hasCalls, hasRefusal }: Answer): StopReason {
  if (status === 'incomplete') {
    if (reason === 'content_filter') return 'content-filter';
    return reason === 'max_output_tokens' || reason === 'max_tokens' ? 'length' : 'other';
  }
  if (hasCalls) return 'tool-calls';
  if (hasRefusal) return 'refusal';
  return status === 'completed' ? 'stop' : 'other';
}

/** A refusal in words is complete here; one without any is a filtered answer. */
export function renderEnd(reason: StopReason, hasRefusal: boolean): WireEnd {
  switch (reason) {
    case 'length':
    case 'context-full':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    case 'content-filter':
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
    case 'refusal':
      if (!hasRefusal) return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
      break;
    case 'stop':
    case 'stop-sequence':
    case 'tool-calls':
    case 'pause':
    case 'malformed-tool-call':
    case 'other':
      break;
  }
  return { status: 'completed', incomplete_details: null };
}
