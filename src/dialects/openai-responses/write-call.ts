import { type JsonObject, tryParseJson } from '../../lib/json.ts';
import type { ItemPlace, ItemStatus } from './write-message.ts';

interface CallItem {
  id: string;
  callId: string;
  name: string;
  isCustom: boolean;
  /** What else the item had where it came from. */
  fields: JsonObject;
}

/** Writes one call of a function, or of a custom tool. */
export function createCallWriter({ id, callId, name, isCustom, fields }: CallItem, { index, emit }: ItemPlace) {
  const event = isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const about = { item_id: id, output_index: index };
  let text = '';

  const item = (status: string): JsonObject => ({
    id,
    type: isCustom ? 'custom_tool_call' : 'function_call',
    status,
    [isCustom ? 'input' : 'arguments']: text,
    call_id: callId,
    name,
    ...fields,
  });
  emit('response.output_item.added', { output_index: index, item: item('in_progress') });

  function add(delta: string): void {
    if (delta === '') return;
    text += delta;
    emit(`${event}.delta`, { ...about, delta });
  }

  function close(): JsonObject {
    // Clients parse the arguments, and no text is no JSON.
    if (text === '' && !isCustom) add('{}');
    emit(`${event}.done`, { ...about, [isCustom ? 'input' : 'arguments']: text });
    const status: ItemStatus = isCustom || tryParseJson(text) !== undefined ? 'completed' : 'incomplete';
    emit('response.output_item.done', { output_index: index, item: item(status) });
    return item(status);
  }

  return { add, close };
}
export type CallWriter = ReturnType<typeof createCallWriter>;
