import type { JsonObject } from '../../../lib/json.ts';
import { type Segment, segment } from '../prompt-memory.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../read.ts';
import type { Ask, AskedToolChoice } from '../script/ask.ts';
import { spokenText } from '../script/spoken.ts';

const TOKENS_BY_EFFORT = new Map([
  ['low', 40],
  ['medium', 90],
  ['high', 160],
  ['xhigh', 240],
  ['max', 320],
]);
const MOST_THINKING = 200;

/** Reads a request to the Messages API that has passed the checks. */
export function readMessagesRequest(body: JsonObject): Ask {
  const messages = objectsOf(body.messages);
  const tools = objectsOf(body.tools).filter(({ input_schema }) => input_schema !== undefined);
  const names = tools.map(({ name }) => textOf(name));
  return {
    model: textOf(body.model),
    stream: body.stream === true,
    segments: readSegments(body),
    userText: readUserText(messages),
    toolResults: readToolResults(messages),
    tools: tools.map(({ name, input_schema }) => ({ name: textOf(name), schema: objectOf(input_schema) })),
    toolChoice: readToolChoice(objectOf(body.tool_choice), names),
    isParallel: objectOf(body.tool_choice).disable_parallel_tool_use !== true,
    talksBeforeCalls: true,
    output: readOutput(body),
    thinking: readThinking(body),
    maxTokens: numberOf(body.max_tokens),
    stop: textsOf(body.stop_sequences),
    choices: 1,
  };
}

/** A message's content as blocks; a text is one block. */
export function blocksOf(content: unknown): JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content);
}

/** The prompt in the order Anthropic caches it: tools, system, messages, each cut at its blocks. */
export function readSegments(body: JsonObject): Segment[] {
  const messages = objectsOf(body.messages);
  const parts = [
    ...objectsOf(body.tools),
    ...blocksOf(body.system),
    ...messages.flatMap(({ role, content }) => blocksOf(content).map((block) => ({ role, ...block }))),
  ];
  const segments = parts.map((part) => segment(part, cacheOf(part)));
  const last = segments.at(-1);
  const whole = cacheOf(body);
  if (last && whole) last.cache = whole;
  return segments;
}

function cacheOf({ cache_control }: JsonObject): Segment['cache'] {
  if (cache_control === undefined || cache_control === null) return undefined;
  return objectOf(cache_control).ttl === '1h' ? 'long' : 'short';
}

function readUserText(messages: JsonObject[]): string {
  const texts = messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) => blocksOf(content).filter(({ type }) => type === 'text'));
  const last = texts.findLast((blocks) => blocks.length > 0) ?? [];
  return spokenText(last.map(({ text }) => textOf(text)));
}

function readToolResults(messages: JsonObject[]): Ask['toolResults'] {
  const names = new Map<unknown, string>();
  for (const { id, name } of messages.flatMap(({ content }) => blocksOf(content)))
    if (name) names.set(id, textOf(name));
  return blocksOf(messages.at(-1)?.content)
    .filter(({ type }) => type === 'tool_result')
    .map(({ tool_use_id, content }) => ({
      name: names.get(tool_use_id) ?? '',
      text: blocksOf(content)
        .map(({ text }) => textOf(text))
        .join('\n'),
    }));
}

function readToolChoice({ type, name }: JsonObject, names: string[]): AskedToolChoice {
  if (type === 'any') return { mode: 'forced', names };
  if (type === 'tool') return { mode: 'forced', names: [textOf(name)] };
  return { mode: type === 'none' ? 'none' : 'auto' };
}

function readOutput(body: JsonObject): Ask['output'] {
  const format = objectOf(objectOf(body.output_config).format ?? body.output_format);
  return format.type === 'json_schema' ? { type: 'schema', schema: objectOf(format.schema) } : { type: 'text' };
}

function readThinking(body: JsonObject): Ask['thinking'] {
  const { type, budget_tokens, display } = objectOf(body.thinking);
  const isShown = display !== 'omitted';
  if (type === 'enabled') return { tokens: Math.min(numberOf(budget_tokens) ?? MOST_THINKING, MOST_THINKING), isShown };
  if (type !== 'adaptive') return { tokens: 0, isShown: false };
  return { tokens: TOKENS_BY_EFFORT.get(textOf(objectOf(body.output_config).effort)) ?? MOST_THINKING, isShown };
}
