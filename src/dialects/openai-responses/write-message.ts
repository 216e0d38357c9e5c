import type { TokenLogprob } from '../../chat/event.ts';
import type { JsonObject } from '../../lib/json.ts';
import { renderAnnotation } from './annotation.ts';
import { renderLogprobs } from './logprobs.ts';

/** Sends one event of a stream; does nothing where a body is made. */
export type Emit = (type: string, fields: JsonObject) => void;

/** `incomplete` = cut off by a limit or a filter. */
export type ItemStatus = 'completed' | 'incomplete';

export interface ItemPlace {
  index: number;
  emit: Emit;
}

interface TextPart {
  type: 'output_text';
  text: string;
  annotations: JsonObject[];
  logprobs: JsonObject[];
}
type MessagePart = TextPart | { type: 'refusal'; refusal: string };

/** Writes one message: its parts one after the other, each begun, filled and ended. `fields` hold its id. */
export function createMessageWriter(fields: JsonObject & { id: string }, { index, emit }: ItemPlace) {
  const { id, ...others } = fields;
  const parts: MessagePart[] = [];
  let isPartOpen = false;

  const item = (status: string): JsonObject => ({
    id,
    type: 'message',
    status,
    content: status === 'in_progress' ? [] : parts,
    role: 'assistant',
    ...others,
  });
  const about = (): JsonObject => ({ item_id: id, output_index: index, content_index: parts.length - 1 });
  emit('response.output_item.added', { output_index: index, item: item('in_progress') });

  function begin<T extends MessagePart>(part: T): T {
    endPart();
    isPartOpen = true;
    parts.push(part);
    // What is sent here is not to grow with the part.
    emit('response.content_part.added', { ...about(), part: structuredClone(part) });
    return part;
  }

  function openText(): TextPart {
    const last = parts.at(-1);
    if (isPartOpen && last?.type === 'output_text') return last;
    return begin({ type: 'output_text', text: '', annotations: [], logprobs: [] });
  }

  function addText(delta: string): void {
    const part = openText();
    part.text += delta;
    emit('response.output_text.delta', { ...about(), delta, logprobs: [] });
  }

  function addRefusal(delta: string): void {
    const last = parts.at(-1);
    const part = isPartOpen && last?.type === 'refusal' ? last : begin({ type: 'refusal', refusal: '' });
    part.refusal += delta;
    emit('response.refusal.delta', { ...about(), delta });
  }

  /** In our words they come after their text, so they have a delta of their own. */
  function addLogprobs(tokens: readonly TokenLogprob[]): void {
    const logprobs = renderLogprobs(tokens);
    openText().logprobs.push(...logprobs);
    emit('response.output_text.delta', { ...about(), delta: '', logprobs });
  }

  function addCitation(citation: unknown): void {
    const { text, annotations } = openText();
    const annotation = renderAnnotation(citation, text.length);
    if (!annotation) return;
    annotations.push(annotation);
    emit('response.output_text.annotation.added', {
      ...about(),
      annotation_index: annotations.length - 1,
      annotation,
    });
  }

  function endPart(): void {
    const part = parts.at(-1);
    if (!isPartOpen || !part) return;
    isPartOpen = false;
    if (part.type === 'refusal') emit('response.refusal.done', { ...about(), refusal: part.refusal });
    else emit('response.output_text.done', { ...about(), text: part.text, logprobs: part.logprobs });
    emit('response.content_part.done', { ...about(), part });
  }

  function close(status: ItemStatus): JsonObject {
    endPart();
    emit('response.output_item.done', { output_index: index, item: item(status) });
    return item(status);
  }

  return { id, addText, addRefusal, addLogprobs, addCitation, close };
}
export type MessageWriter = ReturnType<typeof createMessageWriter>;
