import type { AssistantMessage, AssistantPart, ReasoningPart, TextPart, ToolCallPart } from '../../chat/request.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { DIALECT } from './dialect-id.ts';
import { type ItemFields, messageItem, readFields, splitText } from './item-fields.ts';
import { innerName } from './namespace.ts';
import { isSelfContained, ownReasoningItem } from './reasoning-item.ts';
import { contentOf, isItem, type Rendering } from './render-content.ts';

/** The items of an assistant's turn, thoughts directly before the item they led to. */
export function renderAssistant({ content }: AssistantMessage, rendering: Rendering): JsonObject[] {
  const list = createItemList();
  for (const part of thoughtsInPlace(content)) {
    switch (part.type) {
      case 'text':
        addText(part, list, rendering);
        break;
      case 'refusal':
        list.addContent({ type: 'refusal', refusal: part.text }, null);
        break;
      case 'reasoning':
        for (const item of renderThoughts(part, rendering)) list.addItem(item);
        break;
      case 'tool-call':
        list.addItem(renderCall(part, rendering));
        break;
      case 'other':
        if (part.dialect !== DIALECT) rendering.dropped.push(`${part.dialect} content`);
        else if (isItem(part.value)) list.addItem(part.value);
        else list.addContent(part.value, null);
        break;
      case 'image':
      case 'audio':
        rendering.dropped.push(`assistant ${part.type}`);
    }
  }
  return list.items();
}

/** Gathers parts into messages: those with the same fields, or without any, that follow each other are one. */
function createItemList() {
  const done: JsonObject[] = [];
  let parts: JsonObject[] = [];
  let fields: ItemFields | null = null;

  function close(): void {
    if (parts.length > 0) done.push(messageItem('assistant', renderParts(parts, fields), fields));
    parts = [];
    fields = null;
  }

  /** What has no fields of its own goes into the message that is open. */
  function addContent(part: JsonObject, own: ItemFields | null): void {
    if (own && JSON.stringify(own.item) !== JSON.stringify(fields?.item)) close();
    fields ??= own;
    parts.push(part);
  }

  function addItem(item: JsonObject): void {
    close();
    done.push(item);
  }

  return {
    addContent,
    addItem,
    items: () => {
      close();
      return done;
    },
  };
}

/** A message with an id is one of OpenAI's own, and these are never mere strings. */
function renderParts(parts: JsonObject[], fields: ItemFields | null): string | readonly JsonObject[] {
  if (typeof fields?.item.id !== 'string') return contentOf(parts);
  return parts.map((part) => (part.type === 'output_text' ? { annotations: [], ...part } : part));
}

function addText(part: TextPart, list: ReturnType<typeof createItemList>, { isOwn, dropped }: Rendering): void {
  if (part.citations && !isOwn) dropped.push('citations');
  const annotations = part.citations && isOwn ? { annotations: part.citations } : {};
  for (const { text, fields } of splitText(part.text, part.signature)) {
    list.addContent({ type: 'output_text', text, ...annotations }, fields);
  }
}

/** Another vendor's thoughts prove nothing here; and what the provider keeps by its id alone is not kept for others. */
function renderThoughts(part: ReasoningPart, { isOwn }: Rendering): JsonObject[] {
  const item = ownReasoningItem(part);
  return item && (isOwn || isSelfContained(item)) ? [item] : [];
}

function renderCall(part: ToolCallPart, { ids, customCalls }: Rendering): JsonObject {
  const { argumentsText } = part;
  const { id, ...others } = readFields(part.signature)?.item ?? {};
  const name = innerName(part.name, others.namespace);
  const call_id = ids.forCall(part.id);
  if (part.isCustom) customCalls.add(call_id);
  return part.isCustom
    ? withoutUndefined({ type: 'custom_tool_call', id, call_id, name, input: argumentsText, ...others })
    : withoutUndefined({ type: 'function_call', id, call_id, name, arguments: argumentsText, ...others });
}

/** Clients of other dialects keep a turn's thoughts in one place; each goes back to where it was, if its item tells. */
function thoughtsInPlace(content: readonly AssistantPart[]): AssistantPart[] {
  const claimed = new Map<string, ReasoningPart>();
  const claims = new Map<AssistantPart, string>();
  for (const part of content) {
    if (part.type !== 'text' && part.type !== 'tool-call') continue;
    const after = part.type === 'text' ? splitText(part.text, part.signature)[0]?.fields?.after : afterOf(part);
    if (after !== undefined) claims.set(part, after);
  }
  if (claims.size === 0) return [...content];

  const wanted = new Set(claims.values());
  const rest = content.filter((part) => {
    const id = part.type === 'reasoning' ? ownReasoningItem(part)?.id : undefined;
    if (part.type !== 'reasoning' || typeof id !== 'string' || !wanted.has(id)) return true;
    claimed.set(id, part);
    return false;
  });
  return rest.flatMap((part) => {
    const id = claims.get(part) ?? '';
    const thoughts = claimed.get(id);
    claimed.delete(id);
    return thoughts ? [thoughts, part] : [part];
  });
}

function afterOf(part: ToolCallPart): string | undefined {
  return readFields(part.signature)?.after;
}
