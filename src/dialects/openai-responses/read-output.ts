import type { ChatEvent } from '../../chat/event.ts';
import type { JsonObject } from '../../lib/json.ts';
import { text } from './fields.ts';
import type { Fragment, FragmentKind, ItemReader } from './item-reader.ts';
import { createCallReader } from './read-call.ts';
import { createMessageReader, createTextRun } from './read-message.ts';
import { createThoughtsReader } from './read-thoughts.ts';

interface Entry {
  reader: ItemReader;
  id: string | undefined;
  isDone: boolean;
}

/**
 * Reads the items of a reply, in fragments as a stream brings them or whole as a body does; both give the same reply.
 * Items of tools that the provider runs itself say nothing here, as they are no calls for the client.
 */
export function createOutputReader() {
  const entries = new Map<number, Entry>();
  const doneIds = new Set<string>();
  const run = createTextRun();
  let calls = 0;
  const usedIds = new Set<string>();
  let hasRefusal = false;
  /** The id of the thoughts that the next item came from. */
  let thoughts: string | undefined;

  /** `index` counts the items of the reply. Some servers give all of them the same. */
  function open(index: number, item: JsonObject): ChatEvent[] {
    const entry = entries.get(index);
    const id = text(item.id);
    if (entry && !(entry.isDone && entry.id !== id)) return [];
    const { reader, events } = makeReader(item);
    entries.set(index, { reader, id, isDone: false });
    return note(events);
  }

  function makeReader(item: JsonObject): { reader: ItemReader; events: ChatEvent[] } {
    const after = thoughts;
    if (item.type !== 'reasoning') thoughts = undefined;
    switch (item.type) {
      case 'message':
        // A compaction repeats what the user said.
        if (typeof item.role === 'string' && item.role !== 'assistant') break;
        return { reader: createMessageReader({ item, after }, run), events: [] };
      case 'reasoning':
        return { reader: createThoughtsReader(), events: [] };
      case 'function_call':
      case 'custom_tool_call':
        return createCallReader({ item, call: calls++, after, usedIds });
    }
    return { reader: { done: () => [] }, events: [] };
  }

  /** A fragment of an item that never began is one of nothing we know. */
  function add(index: number, kind: FragmentKind, part: number, fragment: Fragment): ChatEvent[] {
    const entry = entries.get(index);
    return entry && !entry.isDone ? note(entry.reader.add?.(kind, part, fragment) ?? []) : [];
  }

  function done(index: number, item: JsonObject): ChatEvent[] {
    const events = open(index, item);
    const entry = entries.get(index);
    if (!entry || entry.isDone) return events;
    entry.isDone = true;
    const id = text(item.id);
    if (id !== undefined) doneIds.add(id);
    events.push(...note(entry.reader.done(item)));
    if (item.type === 'reasoning') thoughts = id;
    return events;
  }

  /** The rest of a reply: items that came with its end only, and what was left open. */
  function end(output: readonly JsonObject[]): ChatEvent[] {
    const events = output.flatMap((item, index) => (doneIds.has(text(item.id) ?? '') ? [] : done(index, item)));
    for (const entry of entries.values()) {
      if (!entry.isDone) events.push(...note(entry.reader.done(null)));
      entry.isDone = true;
    }
    return events;
  }

  function note(events: ChatEvent[]): ChatEvent[] {
    for (const { type } of events) {
      if (type === 'refusal-delta') hasRefusal = true;
      if (type !== 'text-delta' && type !== 'logprobs' && type !== 'citation') run.end();
    }
    return events;
  }

  return { open, add, done, end, answer: () => ({ hasCalls: calls > 0, hasRefusal }) };
}
export type OutputReader = ReturnType<typeof createOutputReader>;
