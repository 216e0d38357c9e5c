import type { ChatEvent } from '../../chat/event.ts';
import type { JsonObject } from '../../lib/json.ts';
import { argumentsText } from '../openai-common/json-text.ts';
import { text } from './fields.ts';
import { itemFields, signFields } from './item-fields.ts';
import type { ItemReader } from './item-reader.ts';

interface Options {
  item: JsonObject;
  /** Counts the calls of the reply. */
  call: number;
  after: string | undefined;
  /** The ids of the calls before; that of this one is added. */
  usedIds: Set<string>;
}

/** Reads a call of a function, or of a custom tool with its free text, as a whole trio of events. */
export function createCallReader({ item, call, after, usedIds }: Options): { reader: ItemReader; events: ChatEvent[] } {
  const isCustom = item.type === 'custom_tool_call';
  let length = 0;

  function add(fragment: string): ChatEvent[] {
    if (fragment === '') return [];
    length += fragment.length;
    return [{ type: 'tool-call-delta', choice: 0, call, argumentsText: fragment }];
  }

  const { status: _status, ...fields } = itemFields(item);
  const start: ChatEvent = {
    type: 'tool-call-start',
    choice: 0,
    call,
    id: chooseId(item, usedIds),
    name: text(item.name) ?? '',
    ...(isCustom ? { isCustom } : {}),
    ...signFields({ item: fields, ...(after === undefined ? {} : { after }) }),
  };
  return {
    events: [start],
    reader: {
      add: (kind, _part, fragment) => (kind === (isCustom ? 'input' : 'arguments') ? add(fragment.text) : []),
      // The text of a call that was cut off is no JSON, and goes on as it is.
      done: (whole) => [
        ...add(argumentsText(isCustom ? whole?.input : whole?.arguments).slice(length)),
        { type: 'tool-call-end', choice: 0, call },
      ],
    },
  };
}

/** Outputs refer to `call_id`; `id` names the item. An id that another call has is as good as none. */
function chooseId(item: JsonObject, usedIds: Set<string>): string {
  const given = text(item.call_id) || text(item.id);
  const id = given && !usedIds.has(given) ? given : `call_${crypto.randomUUID().replaceAll('-', '')}`;
  usedIds.add(id);
  return id;
}
