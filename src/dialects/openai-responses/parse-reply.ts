import type { ChatEvent } from '../../chat/event.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { field, objects, text } from './fields.ts';
import { parseStop } from './finish-reason.ts';
import { hasError, parseReplyError } from './parse-error.ts';
import { createOutputReader } from './read-output.ts';
import { parseUsage } from './usage.ts';

/** A body that was not streamed: a response object. Never throws; the events may end in `error`. */
export function parseReply(body: unknown): ChatEvent[] {
  if (hasError(body)) return [{ type: 'error', error: parseReplyError(body) }];
  if (!isJsonObject(body) || !(Array.isArray(body.output) || body.object === 'response')) {
    return [garbled('The provider sent something that is not a response.')];
  }
  if (body.status === 'failed') return [{ type: 'error', error: parseReplyError({ error: body.error }) }];
  const output = createOutputReader();
  return [
    startOf(body),
    ...output.end(objects(body.output)),
    { type: 'stop', choice: 0, reason: stopReason(body, output.answer()) },
    { type: 'finish', usage: parseUsage(body) },
  ];
}

export function startOf({ id, model }: JsonObject): ChatEvent {
  const made = `resp_${crypto.randomUUID().replaceAll('-', '')}`;
  return { type: 'start', id: text(id) || made, model: text(model) ?? '' };
}

export function stopReason(response: JsonObject, answer: { hasCalls: boolean; hasRefusal: boolean }) {
  return parseStop(text(response.status), field(response.incomplete_details, 'reason'), answer);
}

export function garbled(message: string): ChatEvent {
  return { type: 'error', error: new GatewayError('provider_garbled', message) };
}
