import type { JsonObject } from '../../../../lib/json.ts';
import { frame } from '../../call.ts';
import { randomId } from '../../ids.ts';
import { splitText } from '../../manner.ts';
import { objectsOf, textOf } from '../../read.ts';
import { SERVER_ERROR } from '../error.ts';

type Event = JsonObject & { type: string };

/** The frames of a finished response as a stream: https://platform.openai.com/docs/api-reference/responses-streaming */
export function writeResponseFrames(response: JsonObject, chunks: number | null): string[] {
  const started = startedOf(response);
  return number([
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...objectsOf(response.output).flatMap((item, index) => writeItem(item, index, chunks)),
    { type: `response.${textOf(response.status)}`, response },
  ]);
}

/** How a stream of this response ends when it fails: an error, and then the response that has failed. */
export function writeFailure(response: JsonObject): string[] {
  const { message } = SERVER_ERROR;
  const error = { code: 'server_error', message };
  return number([
    { type: 'error', error: { ...error, type: 'server_error', param: null } },
    { type: 'response.failed', response: { ...startedOf(response), status: 'failed', error } },
  ]);
}

function startedOf(response: JsonObject): JsonObject {
  const blank = { completed_at: null, incomplete_details: null, output: [], usage: null };
  return { ...response, ...blank, status: 'in_progress' };
}

function number(events: Event[]): string[] {
  return events.map((event, sequence_number) => frame({ ...event, sequence_number }, event.type));
}

function writeItem(item: JsonObject, output_index: number, chunks: number | null): Event[] {
  const at = { item_id: item.id, output_index };
  return [
    { type: 'response.output_item.added', output_index, item: emptied(item) },
    ...writeInside(item, at, chunks),
    { type: 'response.output_item.done', output_index, item },
  ];
}

function emptied(item: JsonObject): JsonObject {
  switch (item.type) {
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'reasoning':
      return { ...item, summary: [] };
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' };
    default:
      return { ...item, status: 'in_progress', input: '' };
  }
}

function writeInside(item: JsonObject, at: JsonObject, chunks: number | null): Event[] {
  switch (item.type) {
    case 'message':
      return objectsOf(item.content).flatMap((part, index) => writePart(part, { ...at, content_index: index }, chunks));
    case 'reasoning':
      return objectsOf(item.summary).flatMap((part, index) => writeSummary(part, { ...at, summary_index: index }));
    case 'function_call':
      return writeArguments('response.function_call_arguments', 'arguments', item, at);
    default:
      return writeArguments('response.custom_tool_call_input', 'input', item, at);
  }
}

function writePart(part: JsonObject, at: JsonObject, chunks: number | null): Event[] {
  const isText = part.type === 'output_text';
  const [kind, field] = isText ? ['response.output_text', 'text'] : ['response.refusal', 'refusal'];
  const extras = isText ? { logprobs: [] } : {};
  const whole = textOf(part[field]);
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, [field]: '' } },
    ...splitText(whole, chunks).map((delta) => ({
      type: `${kind}.delta`,
      ...at,
      delta,
      ...extras,
      ...obfuscation(delta),
    })),
    { type: `${kind}.done`, ...at, [field]: whole, ...extras },
    { type: 'response.content_part.done', ...at, part },
  ];
}

function writeSummary(part: JsonObject, at: JsonObject): Event[] {
  const text = textOf(part.text);
  const kind = 'response.reasoning_summary';
  return [
    { type: `${kind}_part.added`, ...at, part: { ...part, text: '' } },
    ...splitText(text, null).map((delta) => ({ type: `${kind}_text.delta`, ...at, delta, ...obfuscation(delta) })),
    { type: `${kind}_text.done`, ...at, text },
    { type: `${kind}_part.done`, ...at, part },
  ];
}

function writeArguments(kind: string, field: string, item: JsonObject, at: JsonObject): Event[] {
  const whole = textOf(item[field]);
  return [
    ...splitText(whole, null).map((delta) => ({ type: `${kind}.delta`, ...at, delta, ...obfuscation(delta) })),
    { type: `${kind}.done`, ...at, [field]: whole },
  ];
}

/** Padding against listeners who guess tokens by the size of packets. */
function obfuscation(delta: string): JsonObject {
  return { obfuscation: randomId('', 1 + (delta.length % 15)) };
}
