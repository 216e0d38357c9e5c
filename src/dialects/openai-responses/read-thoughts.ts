import type { ChatEvent } from '../../chat/event.ts';
import type { JsonObject } from '../../lib/json.ts';
import { objects, text } from './fields.ts';
import type { Fragment, FragmentKind, ItemReader } from './item-reader.ts';
import { PART_SEPARATOR, redactReasoning, thoughtsOf } from './reasoning-item.ts';

/** Reads a reasoning item: its summary or, from open models, the thoughts themselves, and what has to be replayed. */
export function createThoughtsReader(): ItemReader {
  /** Which of the two is told: the first that comes. */
  let told: FragmentKind | undefined;
  let lastPart: number | undefined;
  const lengths = new Map<number, number>();

  function add(kind: FragmentKind, part: number, { text: said }: Pick<Fragment, 'text'>): ChatEvent[] {
    if (kind !== 'summary' && kind !== 'content') return [];
    told ??= kind;
    if (said === '' || told !== kind) return [];
    const isNewPart = lastPart !== undefined && lastPart !== part;
    lastPart = part;
    lengths.set(part, (lengths.get(part) ?? 0) + said.length);
    return [{ type: 'reasoning-delta', choice: 0, text: isNewPart ? PART_SEPARATOR + said : said }];
  }

  function done(item: JsonObject | null): ChatEvent[] {
    if (!item) return lastPart === undefined ? [] : [{ type: 'reasoning-end', choice: 0 }];
    const kind = told ?? thoughtsOf(item).kind;
    const events = objects(item[kind]).flatMap((part, index) => {
      const rest = (text(part.text) ?? '').slice(lengths.get(index) ?? 0);
      return add(kind, index, { text: rest });
    });
    const redacted = redactReasoning(item);
    if (lastPart !== undefined || redacted.redacted) events.push({ type: 'reasoning-end', choice: 0, ...redacted });
    return events;
  }

  return { add, done };
}
