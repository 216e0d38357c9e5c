import type { ReasoningPart, Signature } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { DIALECT } from './dialect-id.ts';
import { field, objects, text } from './fields.ts';
import { isOurs } from './item-id.ts';
import { parseShallow, shallowJson } from './json-text.ts';

/**
 * What other vendors want replayed travels through a client of this dialect in the `encrypted_content` of a reasoning
 * item, which clients send back untouched. With this prefix it is ours to read, and OpenAI never sees it.
 */
const FOREIGN = 'dialects/';

/** What stands between the parts of a summary when they are one text. */
export const PART_SEPARATOR = '\n\n';

/** What we put into `encrypted_content`; `call` is the proof beside the tool call that follows. */
interface Foreign {
  signature?: Signature | undefined;
  redacted?: Signature | undefined;
  call?: Signature | undefined;
}

/** The thoughts of an item, and the proof that belongs to the call behind it. */
export interface ParsedReasoning {
  part: ReasoningPart | null;
  call?: Signature | undefined;
}

/** A reasoning item as thoughts: its own id and encrypted content are kept for replay, a foreign proof is unpacked. */
export function parseReasoningItem(wire: JsonObject): ParsedReasoning {
  const foreign = readForeign(wire);
  if (!foreign) return { part: ownThoughts(wire) };
  const { signature, redacted, call } = foreign;
  const thoughts = thoughtsOf(wire).text;
  const isEmpty = thoughts === '' && !signature && !redacted;
  const part = isEmpty ? null : withoutUndefined({ type: 'reasoning' as const, text: thoughts, signature, redacted });
  return { part, call };
}

/**
 * The item's id and encrypted content, as they have to go back. Absent where there is nothing that could be replayed.
 */
export function redactReasoning(wire: JsonObject): { redacted?: Signature } {
  const { kind } = thoughtsOf(wire);
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(wire)) {
    const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
    if (!isEmpty && !['type', 'status', 'summary', kind].includes(key)) kept[key] = value;
  }
  if (Object.keys(kept).length === 0) return {};
  const value = shallowJson({ ...kept, ...(kind === 'content' ? { in: kind } : {}) });
  return value === undefined ? {} : { redacted: { dialect: DIALECT, value } };
}

/** The item of thoughts that are this dialect's own; `null` for all others. */
export function ownReasoningItem({ text: thoughts, redacted }: Omit<ReasoningPart, 'type'>): JsonObject | null {
  const value = redacted?.dialect === DIALECT ? parseShallow(redacted.value) : undefined;
  if (!isJsonObject(value)) return null;
  const { in: kind, id, ...rest } = value;
  const isOpen = kind === 'content';
  const parts = thoughts === '' ? [] : [{ type: isOpen ? 'reasoning_text' : 'summary_text', text: thoughts }];
  return withoutUndefined({
    type: 'reasoning',
    id,
    summary: isOpen ? [] : parts,
    content: isOpen ? parts : undefined,
    ...rest,
  });
}

/** Whether a server that kept nothing can read the item: its thoughts are in it, sealed or open. */
export function isSelfContained(item: JsonObject): boolean {
  return typeof item.encrypted_content === 'string' || objects(item.content).length > 0;
}

/** The `encrypted_content` of an item that we make for what another vendor, or none, vouches for. */
export function sealForeign(foreign: Foreign): string {
  return FOREIGN + JSON.stringify(withoutUndefined(foreign));
}

/**
 * The input for OpenAI itself: it refuses reasoning items that it has not made. Those that we made for other vendors go
 * away, and those in which we carried its own thoughts are what they were. The same list where there are none.
 */
export function withoutForeign(input: unknown): unknown {
  if (!Array.isArray(input) || !input.some((item) => isJsonObject(item) && readForeign(item))) return input;
  return input.flatMap((item: unknown) => {
    const foreign = isJsonObject(item) ? readForeign(item) : null;
    if (!foreign || !isJsonObject(item)) return [item];
    return ownReasoningItem({ text: thoughtsOf(item).text, redacted: foreign.redacted }) ?? [];
  });
}

/**
 * The text of the thoughts and the field it stands in: OpenAI tells a summary, open models tell the thoughts
 * themselves.
 */
export function thoughtsOf(wire: JsonObject): { text: string; kind: 'summary' | 'content' } {
  const summary = joined(wire.summary);
  const content = summary === '' ? joined(wire.content) : '';
  return content === '' ? { text: summary, kind: 'summary' } : { text: content, kind: 'content' };
}

function joined(parts: unknown): string {
  const texts = objects(parts).map((part) => text(part.text) ?? '');
  return texts.filter((one) => one !== '').join(PART_SEPARATOR);
}

function ownThoughts(wire: JsonObject): ReasoningPart | null {
  const part: ReasoningPart = { type: 'reasoning', text: thoughtsOf(wire).text, ...redactReasoning(wire) };
  return part.text === '' && !part.redacted ? null : part;
}

/** What we sealed into an item; empty where a client lost that and kept the id. `null` for items that are not ours. */
function readForeign({ type, id, encrypted_content: sealed }: JsonObject): Foreign | null {
  if (type !== 'reasoning') return null;
  if (typeof sealed !== 'string' || !sealed.startsWith(FOREIGN)) return isOurs(id) ? {} : null;
  const value = parseShallow(sealed.slice(FOREIGN.length));
  const proof = (name: string): Signature | undefined => {
    const dialect = field(field(value, name), 'dialect');
    const proved = field(field(value, name), 'value');
    return typeof dialect === 'string' && typeof proved === 'string' ? { dialect, value: proved } : undefined;
  };
  return { signature: proof('signature'), redacted: proof('redacted'), call: proof('call') };
}
