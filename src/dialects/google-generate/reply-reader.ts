import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
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
  let usageMetadata: JsonObject | undefined;
  /** What was looked up on the web; each query is billed once, and empty ones are not. */
  const searches = new Set<string>();
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

    const chunk = wireChunk.parse(value);
    const { candidates, promptFeedback, modelVersion, responseId } = chunk;
    const events: ChatEvent[] = [];
    if (replyId === undefined) {
      if (!candidates && !promptFeedback && !chunk.usageMetadata && !responseId) return [];
      replyId = responseId || `reply-${Bun.hash(JSON.stringify(value)).toString(36)}`;
      events.push({ type: 'start', id: replyId, model: modelVersion ?? '' });
    }
    if (chunk.usageMetadata) {
      usageMetadata = chunk.usageMetadata;
      events.push({ type: 'usage', usage: usageSoFar() });
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
    for (const query of queriesOf(parsed.data.groundingMetadata)) searches.add(query);
    const choice = parsed.data.index ?? Math.min(position, 127);
    let reader = choices.get(choice);
    if (!reader) {
      reader = createChoiceReader(choice, id);
      choices.set(choice, reader);
    }
    return reader.read(parsed.data);
  }

  function usageSoFar(): Usage {
    return usageMetadata ? parseUsage(usageMetadata, searches) : NO_USAGE;
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
    return [...events, { type: 'finish', usage: usageSoFar() }];
  }

  return { read, fail, isFinished, hasContent, finish };
}

function queriesOf(grounding: JsonObject | undefined): string[] {
  const queries = grounding?.webSearchQueries;
  return Array.isArray(queries) ? queries.filter((query) => typeof query === 'string' && query.trim() !== '') : [];
}

/** A reply that broke off or made no sense. */
export function garbled(message: string, cause?: unknown): GatewayError {
  return new GatewayError('provider_garbled', message, { cause });
}
