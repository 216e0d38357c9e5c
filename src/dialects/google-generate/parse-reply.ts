import type { ChatEvent } from '../../chat/event.ts';
import { createReplyReader, garbled } from './reply-reader.ts';

/** The events of a body that was not streamed; the array that a stream without `alt=sse` makes is read as well. */
export function parseReply(body: unknown): ChatEvent[] {
  const reader = createReplyReader();
  const events = reader.read(body);
  if (events.some((event) => event.type === 'error')) return events;
  if (reader.hasContent()) return [...events, ...reader.finish()];
  return [...events, ...reader.fail(garbled('The provider sent a reply without any answer in it.', body))];
}
