import type { ChatEvent } from '../../chat/event.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { objects, text } from './fields.ts';
import { type ItemFields, itemFields, type MessageSpan, signFields } from './item-fields.ts';
import type { Fragment, FragmentKind, ItemReader } from './item-reader.ts';
import { readLogprobs } from './logprobs.ts';

/**
 * The messages that became one text: those that follow each other without anything between them. Their fields travel
 * with that text's signature.
 */
export function createTextRun() {
  let spans: MessageSpan[] = [];

  /** Notes text of a message, and gives the signature for it when it is the message's first. */
  function add(fields: ItemFields, said: string) {
    const last = spans.at(-1);
    if (last?.item === fields.item) {
      last.length += said.length;
      return {};
    }
    const signature = signFields(fields, spans);
    spans.push({ ...fields, length: said.length });
    return signature;
  }

  return {
    add,
    end: () => {
      if (spans.length > 0) spans = [];
    },
  };
}
export type TextRun = ReturnType<typeof createTextRun>;

interface Options {
  item: JsonObject;
  after: string | undefined;
}

/** How much of a part has been told. */
interface Told {
  text: number;
  logprobs: number;
  annotations: number;
}

/** Reads a message: its texts, refusals, citations and log probabilities. */
export function createMessageReader({ item, after }: Options, run: TextRun): ItemReader {
  const fields: ItemFields = { item: messageFields(item), ...(after === undefined ? {} : { after }) };
  const told = new Map<number, Told>();

  function toldOf(part: number): Told {
    const known = told.get(part) ?? { text: 0, logprobs: 0, annotations: 0 };
    told.set(part, known);
    return known;
  }

  function add(kind: FragmentKind, part: number, { text: said, logprobs, annotation }: Fragment): ChatEvent[] {
    if (kind === 'text') return [...addText(part, said), ...addLogprobs(part, logprobs)];
    if (kind === 'refusal') return addRefusal(part, said);
    return kind === 'annotation' && isJsonObject(annotation) ? addCitations(part, [annotation]) : [];
  }

  function addText(part: number, said: string): ChatEvent[] {
    if (said === '') return [];
    toldOf(part).text += said.length;
    return [{ type: 'text-delta', choice: 0, text: said, ...run.add(fields, said) }];
  }

  function addRefusal(part: number, said: string): ChatEvent[] {
    if (said === '') return [];
    toldOf(part).text += said.length;
    return [{ type: 'refusal-delta', choice: 0, text: said }];
  }

  function addLogprobs(part: number, wire: unknown): ChatEvent[] {
    const tokens = readLogprobs(wire);
    if (tokens.length === 0) return [];
    toldOf(part).logprobs += tokens.length;
    return [{ type: 'logprobs', choice: 0, tokens }];
  }

  function addCitations(part: number, citations: JsonObject[]): ChatEvent[] {
    toldOf(part).annotations += citations.length;
    return citations.map((citation) => ({ type: 'citation', choice: 0, citation }));
  }

  function done(whole: JsonObject | null): ChatEvent[] {
    const content =
      typeof whole?.content === 'string' ? [{ type: 'output_text', text: whole.content }] : whole?.content;
    return objects(content).flatMap((wire, part) => finish(wire, part));
  }

  /** What of a whole part has not been told yet. */
  function finish(wire: JsonObject, part: number): ChatEvent[] {
    const { text: textTold, logprobs, annotations } = toldOf(part);
    if (wire.type === 'refusal') return addRefusal(part, (text(wire.refusal) ?? '').slice(textTold));
    if (wire.type !== 'output_text' && wire.type !== 'text') return [];
    const tokens = Array.isArray(wire.logprobs) ? wire.logprobs.slice(logprobs) : [];
    return [
      ...addText(part, (text(wire.text) ?? '').slice(textTold)),
      ...addLogprobs(part, tokens),
      ...addCitations(part, objects(wire.annotations).slice(annotations)),
    ];
  }

  return { add, done };
}

/** How far a message had come shows in the reply's own end. */
function messageFields(item: JsonObject): JsonObject {
  const { status: _status, ...fields } = itemFields(item);
  return fields;
}
