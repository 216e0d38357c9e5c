import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import { isTooDeep } from '../too-deep.ts';
import { createChoiceReader } from './choice-reader.ts';
import { findWireError, parseError } from './error.ts';
import { isFinishReason } from './finish-reason.ts';
import { parseUsage } from './usage.ts';
import { wireCandidate, wireChunk } from './wire-reply.ts';

/**
 * Folds chunks, of which a whole body is one, into the events of a reply. After an `error` event it says nothing
 * more.
 */
export function createReplyReader() {
  const choices = new Map<number, ReturnType<typeof createChoiceReader>>();
  let replyId: string | undefined;
  let usage: Usage = NO_USAGE;
  let isBlocked = false;
  let hasFailed = false;

  function read(value: unknown): ChatEvent[] {
    if (hasFailed) return [];
    if (isTooDeep(value)) return fail(garbled('The provider sent a reply that is nested too deeply.'));
    if (Array.isArray(value)) return value.flatMap((item) => readOne(item));
    return readOne(value);
  }

  function readOne(value: unknown): ChatEvent[] {
    if (hasFailed) return [];
    if (!isJsonObject(value)) return fail(garbled('The provider sent something that is no reply.'));
    const wireError = findWireError(value);
    if (wireError) return fail(parseError(wireError.code, value, new Headers()));

    const { candidates, promptFeedback, usageMetadata, modelVersion, responseId } = wireChunk.parse(value);
    const events: ChatEvent[] = [];
    if (replyId === undefined) {
      if (!candidates && !promptFeedback && !usageMetadata && !responseId) return [];
      replyId = responseId || `reply-${Bun.hash(JSON.stringify(value)).toString(36)}`;
      events.push({ type: 'start', id: replyId, model: modelVersion ?? '' });
    }
    if (usageMetadata) {
      usage = parseUsage(usageMetadata);
      events.push({ type: 'usage', usage });
    }
    if (isFinishReason(promptFeedback?.blockReason)) isBlocked = true;
    for (const [position, candidate] of (candidates ?? []).entries()) {
      events.push(...readCandidate(candidate, position, replyId));
    }
    return events;
  }

  function readCandidate(value: unknown, position: number, id: string): ChatEvent[] {
    const parsed = wireCandidate.safeParse(value);
    if (!parsed.success) return [];
    const choice = parsed.data.index ?? Math.min(position, 127);
    let reader = choices.get(choice);
    if (!reader) {
      reader = createChoiceReader(choice, id);
      choices.set(choice, reader);
    }
    return reader.read(parsed.data);
  }

  function fail(error: GatewayError): ChatEvent[] {
    hasFailed = true;
    return [{ type: 'error', error }];
  }

  /** Whether the provider has said that the reply is over; a stream has no other terminal. */
  function isFinished(): boolean {
    return isBlocked || [...choices.values()].some((reader) => reader.isFinished());
  }

  /** Whether anything of an answer has come. */
  function hasContent(): boolean {
    return isBlocked || choices.size > 0;
  }

  /** The last events: what was held back, a `stop` for each choice, and `finish`. */
  function finish(): ChatEvent[] {
    if (hasFailed) return [];
    const reason = isBlocked ? 'content-filter' : 'other';
    const ordered = [...choices].sort(([left], [right]) => left - right);
    const events = ordered.flatMap(([, reader]) => reader.finish(reason));
    if (choices.size === 0) events.push({ type: 'stop', choice: 0, reason });
    return [...events, { type: 'finish', usage }];
  }

  return { read, fail, isFinished, hasContent, finish };
}

/** A reply that broke off or made no sense. */
export function garbled(message: string, cause?: unknown): GatewayError {
  return new GatewayError('provider_garbled', message, { cause });
}
