import type { ChatRequest, ToolResultPart, UserMessage } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { createCallIds } from '../call-ids.ts';
import type { Target } from '../dialect.ts';
import { renderCallId } from './call-id.ts';
import { DIALECT } from './dialect-id.ts';
import { type ItemFields, messageItem, readFields } from './item-fields.ts';
import { renderAssistant } from './render-assistant.ts';
import { contentOf, isItem, type Rendering, renderSystemParts, renderUserPart } from './render-content.ts';

interface RenderedInput {
  instructions?: string;
  input: JsonObject[];
  dropped: string[];
}

/** The conversation as items. Throws `unsupported` for media that cannot be carried. */
export function renderInput(request: ChatRequest, target: Target): RenderedInput {
  const { system, messages, output } = request;
  const isOwn = request.original.dialect === DIALECT;
  const rendering: Rendering = { isOwn, ids: createCallIds(renderCallId), customCalls: new Set(), dropped: [] };
  const role = target.reasoning.supported ? 'developer' : 'system';
  const [first, ...others] = system;
  // A string has no room for several texts or a cache breakpoint, and instructions alone are no input.
  const isPlain = first && others.length === 0 && !(first.cache && isOwn) && messages.length > 0;

  const input: JsonObject[] = [];
  if (first && !isPlain) input.push({ role, content: contentOf(renderSystemParts(system, rendering)) });
  if (output?.type === 'json' && needsJsonHint(request, !isPlain)) {
    input.push({ role, content: 'Answer with a JSON object.' });
  }
  for (const message of messages) {
    if (message.role === 'system')
      input.push({ role, content: contentOf(renderSystemParts(message.content, rendering)) });
    else if (message.role === 'user') input.push(...renderUser(message, rendering));
    else input.push(...renderAssistant(message, rendering));
  }
  const items = isOwn ? input : withoutStranded(input);
  // A client of this dialect may leave its conversation at the provider.
  if (items.length === 0 && !isOwn) {
    throw new GatewayError('invalid_request', 'The conversation holds nothing the model could read.', {
      param: 'messages',
    });
  }
  return { ...(isPlain ? { instructions: first.text } : {}), input: items, dropped: rendering.dropped };
}

/** OpenAI refuses thoughts that led to nothing, as where a turn was cut off while the model was thinking. */
function withoutStranded(input: readonly JsonObject[]): JsonObject[] {
  const kept: JsonObject[] = [];
  let isFollowed = false;
  for (const item of input.toReversed()) {
    const isThought = item.type === 'reasoning';
    if (!isThought) isFollowed = item.role === 'assistant' || !isAnswer(item);
    if (!isThought || isFollowed) kept.push(item);
  }
  return kept.reverse();
}

function isAnswer({ role, type }: JsonObject): boolean {
  return role !== undefined || (typeof type === 'string' && type.endsWith('_output'));
}

/**
 * OpenAI refuses `json_object` unless the word stands in the input, where instructions do not count. Only the
 * beginning is looked at, so that the same conversation starts with the same bytes as it grows.
 */
function needsJsonHint({ system, messages, original }: ChatRequest, isSystemInput: boolean): boolean {
  if (original.dialect === DIALECT) return false;
  const start = [...(isSystemInput ? system : []), ...(messages[0]?.content ?? [])];
  return !start.some((part) => part.type === 'text' && /json/i.test(part.text));
}

function renderUser({ content, name }: UserMessage, rendering: Rendering): JsonObject[] {
  if (name !== undefined) rendering.dropped.push('name');
  const items: JsonObject[] = [];
  let parts: JsonObject[] = [];
  let fields: ItemFields | null = null;
  const close = (): void => {
    if (parts.length > 0) items.push(messageItem('user', contentOf(parts), fields));
    parts = [];
    fields = null;
  };
  for (const part of content) {
    if (part.type === 'tool-result') {
      close();
      items.push(renderResult(part, rendering));
    } else if (part.type === 'other' && part.dialect === DIALECT && isItem(part.value)) {
      close();
      items.push(part.value);
    } else {
      if (part.type === 'text') fields ??= readFields(part.signature);
      parts.push(...renderUserPart(part, rendering));
    }
  }
  close();
  // A message without content is still a turn.
  return content.length === 0 ? [{ role: 'user', content: '' }] : items;
}

function renderResult(part: ToolResultPart, rendering: Rendering): JsonObject {
  const output = part.content.flatMap((item) => renderUserPart(item, rendering));
  // There is no flag for a failed call, so the text has to say it.
  if (part.isError) {
    const text = output.find((item) => item.type === 'input_text');
    if (!text) output.unshift({ type: 'input_text', text: 'Error: the tool failed.' });
    else if (!/error/i.test(String(text.text))) text.text = `Error: ${text.text}`;
  }
  const call_id = rendering.ids.forResult(part.callId);
  const type = rendering.customCalls.has(call_id) ? 'custom_tool_call_output' : 'function_call_output';
  return { type, call_id, output: contentOf(output) };
}
