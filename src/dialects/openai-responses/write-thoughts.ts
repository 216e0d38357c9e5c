import type { JsonObject } from '../../lib/json.ts';
import type { ItemPlace } from './write-message.ts';

/** Writes one reasoning item, its thoughts as a summary of one part. */
export function createThoughtsWriter(id: string, { index, emit }: ItemPlace) {
  const about = { item_id: id, output_index: index, summary_index: 0 };
  let text = '';
  emit('response.output_item.added', { output_index: index, item: { id, type: 'reasoning', summary: [] } });

  function add(delta: string): void {
    if (text === '') {
      emit('response.reasoning_summary_part.added', { ...about, part: { type: 'summary_text', text: '' } });
    }
    text += delta;
    emit('response.reasoning_summary_text.delta', { ...about, delta });
  }

  /** `fields` go into the item beside its summary: what is to be replayed, above all. */
  function close(fields: JsonObject): JsonObject {
    const summary = text === '' ? [] : [{ type: 'summary_text', text }];
    for (const part of summary) {
      emit('response.reasoning_summary_text.done', { ...about, text });
      emit('response.reasoning_summary_part.done', { ...about, part });
    }
    const item = { id, type: 'reasoning', summary, ...fields };
    emit('response.output_item.done', { output_index: index, item });
    return item;
  }

  return { id, add, close, text: () => text };
}
export type ThoughtsWriter = ReturnType<typeof createThoughtsWriter>;
