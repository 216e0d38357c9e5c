import type { JsonObject } from '../../../../lib/json.ts';
import { segment } from '../../prompt-memory.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../../read.ts';
import type { Ask, AskedTool, AskedToolChoice } from '../../script/ask.ts';
import { spokenText } from '../../script/spoken.ts';
import { thinkingTokensOf } from '../reasoning.ts';

/** Reads a chat completions request that has passed the checks. */
export function readChatRequest(body: JsonObject): Ask {
  const messages = objectsOf(body.messages);
  const tools = objectsOf(body.tools).map(readTool);
  const asked = messages.findLast(({ role }) => role === 'user');
  return {
    model: textOf(body.model),
    stream: body.stream === true,
    segments: [...objectsOf(body.tools), ...messages].map((part) => segment(part)),
    userText: spokenText(contentTexts(asked?.content)),
    toolResults: readToolResults(messages),
    tools,
    toolChoice: readToolChoice(body.tool_choice, tools),
    isParallel: body.parallel_tool_calls !== false,
    talksBeforeCalls: false,
    output: readOutput(objectOf(body.response_format)),
    thinking: { tokens: thinkingTokensOf(textOf(body.model), textOf(body.reasoning_effort)), isShown: false },
    maxTokens: numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens),
    stop: textsOf(body.stop),
    choices: numberOf(body.n) ?? 1,
  };
}

/** The text of a message's content, which is a text or a list of parts. */
export function contentText(content: unknown): string {
  return contentTexts(content).join('\n');
}

export function contentTexts(content: unknown): string[] {
  return typeof content === 'string' ? [content] : objectsOf(content).map((part) => textOf(part.text));
}

function readTool(tool: JsonObject): AskedTool {
  if (tool.type === 'custom') return { name: textOf(objectOf(tool.custom).name), schema: null };
  const { name, parameters } = objectOf(tool.function);
  return { name: textOf(name), schema: objectOf(parameters) };
}

/** Also serves the Responses API, whose choices name the tool one level higher. */
export function readToolChoice(choice: unknown, tools: readonly AskedTool[]): AskedToolChoice {
  const all = tools.map(({ name }) => name);
  if (choice === 'none') return { mode: 'none' };
  if (choice === 'required') return { mode: 'forced', names: all };
  const given = objectOf(choice);
  if (given.type === 'allowed_tools') {
    const allowed = { ...given, ...objectOf(given.allowed_tools) };
    if (allowed.mode !== 'required') return { mode: 'auto' };
    return { mode: 'forced', names: objectsOf(allowed.tools).map(nameOf) };
  }
  return given.type === undefined ? { mode: 'auto' } : { mode: 'forced', names: [nameOf(given)] };
}

function nameOf(choice: JsonObject): string {
  return textOf(choice.name) || textOf(objectOf(choice.function).name) || textOf(objectOf(choice.custom).name);
}

function readOutput({ type, json_schema }: JsonObject): Ask['output'] {
  if (type === 'json_object') return { type: 'json' };
  return type === 'json_schema' ? { type: 'schema', schema: objectOf(objectOf(json_schema).schema) } : { type: 'text' };
}

function readToolResults(messages: JsonObject[]): Ask['toolResults'] {
  const names = new Map<unknown, string>();
  for (const call of messages.flatMap(({ tool_calls }) => objectsOf(tool_calls))) names.set(call.id, nameOf(call));
  const lastOther = messages.findLastIndex(({ role }) => role !== 'tool');
  return messages
    .slice(lastOther + 1)
    .map(({ tool_call_id, content }) => ({ name: names.get(tool_call_id) ?? '', text: contentText(content) }));
}
