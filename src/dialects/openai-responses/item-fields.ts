import type { Signature } from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { DIALECT } from './dialect-id.ts';
import { count } from './fields.ts';
import { isOurs } from './item-id.ts';
import { parseShallow, shallowJson } from './json-text.ts';

/** What an item of a conversation has beside its content. */
export interface ItemFields {
  /** Its `id`, `phase`, `namespace` and whatever else the provider wants back as it was. */
  item: JsonObject;
  /** The id of the thoughts it came after: they have to stand directly before it when they are replayed. */
  after?: string | undefined;
}

/** A message inside one text; `length` counts its characters. */
export interface MessageSpan extends ItemFields {
  length: number;
}

const CONTENT_FIELDS = new Set(['type', 'role', 'content', 'status', 'call_id', 'name', 'arguments', 'input']);

/** The fields of an item that are not its content. How far it had come is one only where it was cut off. */
export function itemFields(wire: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(wire)) {
    if (value !== null && !CONTENT_FIELDS.has(key) && !isOurs(value)) kept[key] = value;
  }
  if (wire.status === 'incomplete') kept.status = wire.status;
  return kept;
}

/**
 * The fields of an item as the signature of its text or call: an opaque thing that goes back to this dialect only.
 * `before` are other messages in the same text, for the events of a reply cannot tell where one message ends and the
 * next begins.
 */
export function signFields(fields: ItemFields, before: readonly MessageSpan[] = []): { signature?: Signature } {
  if (Object.keys(fields.item).length === 0 && fields.after === undefined && before.length === 0) return {};
  const value = shallowJson({ ...fields, ...(before.length > 0 ? { before } : {}) });
  return value === undefined ? {} : { signature: { dialect: DIALECT, value } };
}

/** The item's fields in a signature of this dialect; `null` for any other. */
export function readFields(signature: Signature | undefined): ItemFields | null {
  const value = signature?.dialect === DIALECT ? parseShallow(signature.value) : undefined;
  return isJsonObject(value) ? fieldsOf(value) : null;
}

/** The messages a text consists of, with the fields of each. One, without fields, where the signature is not ours. */
export function splitText(
  text: string,
  signature: Signature | undefined,
): { text: string; fields: ItemFields | null }[] {
  const value = signature?.dialect === DIALECT ? parseShallow(signature.value) : undefined;
  if (!isJsonObject(value)) return [{ text, fields: null }];
  const before = Array.isArray(value.before) ? value.before.filter(isJsonObject) : [];
  const messages: { text: string; fields: ItemFields }[] = [];
  let at = 0;
  for (const span of before) {
    const end = at + (count(span.length) ?? 0);
    if (end > at) messages.push({ text: text.slice(at, end), fields: fieldsOf(span) });
    at = end;
  }
  return [...messages, { text: text.slice(at), fields: fieldsOf(value) }];
}

/** A message on the wire. One with an id has all that OpenAI's own messages have. */
export function messageItem(
  role: 'user' | 'assistant',
  content: string | readonly JsonObject[],
  fields: ItemFields | null,
): JsonObject {
  const { id, status, ...others } = fields?.item ?? {};
  if (typeof id !== 'string') return { role, content, ...others };
  return { type: 'message', id, role, status: status ?? 'completed', content, ...others };
}

function fieldsOf({ item, after }: JsonObject): ItemFields {
  const fields = isJsonObject(item) ? itemFields(item) : {};
  return { item: fields, ...(typeof after === 'string' ? { after } : {}) };
}
