import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/** Fields by which a Chat client is shown, and brings back, what another vendor's model thought. OpenAI refuses them. */
const MARKS = ['reasoning_content', 'reasoning_details', 'extra_content'] as const;

/** The body without what other vendors' turns of the same conversation left in its messages. */
export function withoutOurMarks(body: JsonObject): JsonObject {
  if (!Array.isArray(body.messages)) return body;
  let hasChanged = false;
  const messages = body.messages.map((message: unknown) => {
    const clean = isJsonObject(message) && message.role === 'assistant' ? cleanMessage(message) : message;
    hasChanged ||= clean !== message;
    return clean;
  });
  return hasChanged ? { ...body, messages } : body;
}

function cleanMessage(message: JsonObject): JsonObject {
  const calls = message.tool_calls;
  const marked = Array.isArray(calls) && calls.some((call: unknown) => isJsonObject(call) && 'extra_content' in call);
  if (!marked && !MARKS.some((mark) => mark in message)) return message;

  const clean = without(message);
  if (Array.isArray(calls))
    clean.tool_calls = calls.map((call: unknown) => (isJsonObject(call) ? without(call) : call));
  return clean;
}

function without(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !MARKS.some((mark) => mark === name)));
}
