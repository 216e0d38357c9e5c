import type { ChatEvent } from '../../src/chat/event.ts';

/**
 * What is wrong with the events of a reply; nothing where they keep to the grammar of `chat/event.ts`: a start, then content,
 * every call begun, filled and ended once, each with an id of its own, one stop for each choice that said something, and last `finish` or `error`.
 */
export function complaintAboutEvents(all: readonly ChatEvent[]): string | null {
  const events = all.filter(({ type }) => type !== 'other');
  const last = events.at(-1)?.type;
  if (last !== 'finish' && last !== 'error') return `the last event is ${last}`;
  const starts = events.filter(({ type }) => type === 'start').length;
  if (starts > 1 || (starts === 0 && last === 'finish')) return `${starts} starts`;
  if (starts === 1 && events[0]?.type !== 'start') return `it begins with ${events[0]?.type}`;

  const calls = new Map<string, 'open' | 'ended'>();
  const ids = new Set<string>();
  const stopped = new Set<number>();
  const spoken = new Set<number>();
  for (const [at, event] of events.entries()) {
    if ((event.type === 'finish' || event.type === 'error') && at < events.length - 1) return `${event.type} at ${at}`;
    if (!('choice' in event)) continue;
    if (event.type === 'stop') {
      if (stopped.has(event.choice)) return `choice ${event.choice} stops twice`;
      stopped.add(event.choice);
      continue;
    }
    spoken.add(event.choice);
    if (!('call' in event)) continue;
    const key = `${event.choice}:${event.call}`;
    const state = calls.get(key);
    if (event.type === 'tool-call-start') {
      // Several choices may repeat each other's, as OpenAI's do.
      const id = `${event.choice} ${event.id}`;
      if (ids.has(id)) return `two calls have the id ${event.id}`;
      ids.add(id);
    }
    if (event.type === 'tool-call-start' ? state !== undefined || event.id === '' : state !== 'open')
      return `${event.type} of ${key}`;
    calls.set(key, event.type === 'tool-call-end' ? 'ended' : 'open');
  }
  if (last === 'error') return null;
  for (const [key, state] of calls) if (state !== 'ended') return `call ${key} is not ended`;
  for (const choice of spoken) if (!stopped.has(choice)) return `choice ${choice} does not stop`;
  return stopped.size > 0 ? null : 'no stop at all';
}
