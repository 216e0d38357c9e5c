import { createHash } from 'node:crypto';
import type {
  AssistantMessage,
  ChatRequest,
  Message,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
} from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { type CallIds, createCallIds } from '../call-ids.ts';
import type { Target } from '../dialect.ts';
import { DIALECT } from './dialect-id.ts';
import { renderDetails } from './reasoning.ts';
import { renderTextParts, renderUserPart } from './render-content.ts';
import { renderExtraContent } from './signature.ts';

/** OpenAI refuses longer ids of tool calls. */
const LONGEST_CALL_ID = 40;

/** What the messages of one request share. */
interface Rendering {
  ids: CallIds;
  dropped: string[];
}

interface RenderedMessages {
  messages: JsonObject[];
  dropped: string[];
}

/** The conversation with the instructions before it. Throws `unsupported` for media that Chat cannot carry. */
export function renderMessages(request: ChatRequest, target: Target): RenderedMessages {
  const { system, messages } = request;
  const role = target.reasoning.supported ? 'developer' : 'system';
  const rendered: JsonObject[] = [];
  const rendering: Rendering = { ids: createCallIds(legalCallId), dropped: [] };
  if (system.length > 0) rendered.push({ role, content: renderTextParts(system) });
  if (needsJsonHint(request)) rendered.push({ role, content: 'Answer with a JSON object.' });

  for (let index = 0; index < messages.length; ) {
    const message = messages[index];
    if (!message) break;
    if (message.role === 'user') {
      const turn = userTurn(messages, index);
      rendered.push(...renderUserTurn(turn, rendering));
      index += turn.length;
      continue;
    }
    if (message.role === 'assistant') rendered.push(renderAssistant(message, rendering));
    else rendered.push({ role, content: renderTextParts(message.content) });
    index++;
  }
  if (rendered.length === 0) {
    throw new GatewayError('invalid_request', 'The conversation holds nothing the model could read.', {
      param: 'messages',
    });
  }
  return { messages: rendered, dropped: rendering.dropped };
}

/**
 * OpenAI refuses `json_object` unless the word stands in the prompt. Only its beginning is looked at, so that the same
 * conversation starts with the same bytes as it grows.
 */
function needsJsonHint({ system, messages, output, original }: ChatRequest): boolean {
  if (output?.type !== 'json' || original.dialect === DIALECT) return false;
  const start = [...system, ...(messages[0]?.content ?? [])];
  return !start.some((part) => part.type === 'text' && /json/i.test(part.text));
}

function userTurn(messages: readonly Message[], from: number): UserMessage[] {
  const turn: UserMessage[] = [];
  for (let index = from; index < messages.length; index++) {
    const message = messages[index];
    if (message?.role !== 'user') break;
    turn.push(message);
  }
  return turn;
}

/** All results of a turn have to follow the calls at once, so what else came with them stands behind the last. */
function renderUserTurn(turn: readonly UserMessage[], rendering: Rendering): JsonObject[] {
  const results: JsonObject[] = [];
  const rest: JsonObject[] = [];
  for (const { content, name } of turn) {
    const parts: JsonObject[] = [];
    for (const part of content) {
      if (part.type !== 'tool-result') {
        parts.push(...renderUserPart(part, rendering.dropped));
        continue;
      }
      const { message, media } = renderResult(part, rendering);
      results.push(message);
      parts.push(...media);
    }
    if (parts.length > 0 || content.length === 0) {
      rest.push(withoutUndefined({ role: 'user', content: contentOf(parts), name }));
    }
  }
  return [...results, ...rest];
}

/** A tool message holds text only; images and files of the result go into the user message behind it. */
function renderResult(part: ToolResultPart, { ids, dropped }: Rendering): { message: JsonObject; media: JsonObject[] } {
  const texts: TextPart[] = [];
  const media: JsonObject[] = [];
  for (const item of part.content) {
    if (item.type === 'text') texts.push(item);
    else media.push(...renderUserPart(item, dropped));
  }
  if (texts.length === 0 && media.length > 0) texts.push({ type: 'text', text: 'The result is attached below.' });
  // Chat has no flag for a failed call, so the text has to say it.
  const [first, ...others] = texts;
  if (part.isError && !/error/i.test(first?.text ?? '')) {
    texts.splice(0, texts.length, { type: 'text', text: `Error: ${first?.text ?? 'the tool failed.'}` }, ...others);
  }
  const content = texts.length > 0 ? renderTextParts(texts) : '';
  return { message: { role: 'tool', tool_call_id: ids.forResult(part.callId), content }, media };
}

function renderAssistant({ content }: AssistantMessage, { ids, dropped }: Rendering): JsonObject {
  let text = '';
  let refusal: string | undefined;
  let audio: JsonObject | undefined;
  const calls: JsonObject[] = [];
  const details: JsonObject[] = [];
  const others: JsonObject[] = [];
  for (const part of content) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'refusal') refusal = (refusal ?? '') + part.text;
    else if (part.type === 'tool-call') calls.push(renderCall(part, ids.forCall(part.id)));
    else if (part.type === 'reasoning') details.push(...renderDetails(ownThoughts(part)));
    else if (part.type === 'other' && part.dialect === DIALECT) others.push(part.value);
    else if (part.type === 'audio' && part.source.type === 'file-id') audio = { id: part.source.id };
    else dropped.push(part.type === 'other' ? `${part.dialect} content` : `assistant ${part.type}`);
  }
  const isSilent = text === '' && (calls.length > 0 || refusal !== undefined || audio !== undefined);
  const parts = text === '' ? others : [{ type: 'text', text }, ...others];
  return withoutUndefined({
    role: 'assistant',
    content: others.length > 0 ? parts : isSilent ? null : text,
    refusal,
    audio,
    reasoning_details: details.length > 0 ? details : undefined,
    tool_calls: calls.length > 0 ? calls : undefined,
  });
}

/** Only the vendor who signed thoughts may have them back. */
function ownThoughts({
  text,
  signature,
  redacted,
}: Extract<AssistantMessage['content'][number], { type: 'reasoning' }>) {
  return {
    text,
    signature: signature?.dialect === DIALECT ? signature : undefined,
    redacted: redacted?.dialect === DIALECT ? redacted : undefined,
  };
}

function renderCall(part: ToolCallPart, id: string): JsonObject {
  const { name, argumentsText, isCustom, signature } = part;
  const own = renderExtraContent(signature?.dialect === DIALECT ? signature : undefined);
  if (isCustom) return { id, type: 'custom', custom: { name, input: argumentsText }, ...own };
  return { id, type: 'function', function: { name, arguments: argumentsText }, ...own };
}

/** The id itself, or one of legal length. */
function legalCallId(id: string): string {
  if (id !== '' && id.length <= LONGEST_CALL_ID) return id;
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/** A lone text is a string, which every server understands. */
function contentOf(parts: JsonObject[]): unknown {
  const [first] = parts;
  if (!first) return '';
  return parts.length === 1 && first.type === 'text' ? first.text : parts;
}
