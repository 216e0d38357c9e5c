import type { JsonObject } from '../../../../lib/json.ts';
import { type Segment, segment } from '../../prompt-memory.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../../read.ts';
import type { Ask, AskedTool } from '../../script/ask.ts';
import { spokenText } from '../../script/spoken.ts';
import { contentText, contentTexts, readToolChoice } from '../chat/request.ts';
import { thinkingTokensOf } from '../reasoning.ts';

/** Reads a request to the Responses API that has passed the checks; `items` is the whole conversation. */
export function readResponsesRequest(body: JsonObject, items: JsonObject[]): Ask {
  const model = textOf(body.model);
  const reasoning = objectOf(body.reasoning);
  const tools = toolsOf(body, items).flatMap(readTool);
  const asked = items.findLast(({ role }) => role === 'user');
  return {
    model,
    stream: body.stream === true,
    segments: readSegments(body, items),
    userText: spokenText(contentTexts(asked?.content)),
    toolResults: readToolResults(items),
    tools,
    toolChoice: readToolChoice(body.tool_choice, tools),
    isParallel: body.parallel_tool_calls !== false,
    talksBeforeCalls: false,
    output: readOutput(objectOf(objectOf(body.text).format)),
    thinking: {
      tokens: thinkingTokensOf(model, textOf(reasoning.effort)),
      isShown: textOf(reasoning.summary) !== '',
    },
    maxTokens: numberOf(body.max_output_tokens),
    stop: [],
    choices: 1,
  };
}

/** The input as items; a text is one message. */
export function itemsOf(input: unknown): JsonObject[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : objectsOf(input);
}

export function readSegments(body: JsonObject, items: JsonObject[]): Segment[] {
  const instructions = textOf(body.instructions);
  const parts = [...objectsOf(body.tools), ...(instructions === '' ? [] : [instructions]), ...items];
  return parts.map((part) => segment(part));
}

/** Those of the request, and those that items brought with them. */
export function toolsOf(body: JsonObject, items: JsonObject[]): JsonObject[] {
  const added = items.filter(({ type }) => type === 'additional_tools');
  return [body, ...added].flatMap(({ tools }) => objectsOf(tools));
}

/** Tools that OpenAI runs itself are not called here. */
function readTool({ type, name, parameters, tools }: JsonObject): AskedTool[] {
  if (type === 'namespace') {
    return objectsOf(tools)
      .flatMap(readTool)
      .map((tool) => ({ ...tool, namespace: textOf(name) }));
  }
  if (type === 'custom') return [{ name: textOf(name), schema: null }];
  return type === 'function' ? [{ name: textOf(name), schema: objectOf(parameters) }] : [];
}

function readOutput({ type, schema }: JsonObject): Ask['output'] {
  if (type === 'json_object') return { type: 'json' };
  return type === 'json_schema' ? { type: 'schema', schema: objectOf(schema) } : { type: 'text' };
}

function readToolResults(items: JsonObject[]): Ask['toolResults'] {
  const names = new Map<unknown, string>();
  for (const { call_id, name } of items) if (name) names.set(call_id, textOf(name));
  const lastOther = items.findLastIndex(({ type }) => !textOf(type).endsWith('_call_output'));
  return items
    .slice(lastOther + 1)
    .map(({ call_id, output }) => ({ name: names.get(call_id) ?? '', text: contentText(output) }));
}
