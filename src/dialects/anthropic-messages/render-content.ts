import type {
  AssistantPart,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  OtherPart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { argumentsObject } from './arguments.ts';
import type { Rendering } from './rendering.ts';
import { DIALECT } from './wire.ts';

/** One turn on the wire. */
export interface Turn {
  role: 'user' | 'assistant';
  content: JsonObject[];
}

/**
 * The conversation as turns: neighbours of one role are one turn, and within a user's turn the tool results come first,
 * because they must directly follow the calls.
 */
export function renderTurns(messages: Message[], rendering: Rendering): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = renderMessage(message, rendering);
    if (content.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  for (const turn of turns) if (turn.role === 'user') turn.content = resultsFirst(turn.content);
  trimPrefill(turns);
  return turns;
}

/** Text blocks without a visible character are refused, so they are left out. */
export function renderText(part: TextPart, rendering: Rendering): JsonObject[] {
  if (part.text.trim() === '') return [];
  const block: JsonObject = { type: 'text', text: part.text };
  if (part.citations && rendering.from === DIALECT) block.citations = part.citations;
  else if (part.citations) rendering.drop('citations');
  return [rendering.breakpoints.mark(block, part.cache)];
}

function renderMessage(message: Message, rendering: Rendering): JsonObject[] {
  if (message.role === 'assistant') return message.content.flatMap((part) => renderAssistantPart(part, rendering));
  if (message.role === 'system') {
    // Only the newest models take instructions between turns. Moving them to the top would change a cached prefix.
    return message.content.flatMap((part) =>
      renderText({ ...part, text: part.text.trim() && `<system>\n${part.text}\n</system>` }, rendering),
    );
  }
  if (message.name) rendering.drop('name');
  return message.content.flatMap((part) => renderUserPart(part, rendering));
}

function renderUserPart(part: UserPart, rendering: Rendering): JsonObject[] {
  if (part.type === 'tool-result') return [renderToolResult(part, rendering)];
  if (part.type === 'audio') throw cannotTake('audio');
  return renderResultPart(part, rendering);
}

function renderResultPart(part: TextPart | ImagePart | FilePart | OtherPart, rendering: Rendering): JsonObject[] {
  switch (part.type) {
    case 'text':
      return renderText(part, rendering);
    case 'image':
      return [renderImage(part, rendering)];
    case 'file':
      return [renderFile(part, rendering)];
    case 'other':
      return renderOther(part, rendering);
  }
}

function renderAssistantPart(part: AssistantPart, rendering: Rendering): JsonObject[] {
  switch (part.type) {
    case 'text':
      return renderText(part, rendering);
    case 'refusal':
      return renderText({ type: 'text', text: part.text }, rendering);
    case 'reasoning': {
      const { text, signature, redacted } = part;
      const blocks: JsonObject[] = [];
      // Thoughts another vendor signed, or nobody, prove nothing here and would be refused.
      if (signature?.dialect === DIALECT) {
        blocks.push({ type: 'thinking', thinking: text, signature: signature.value });
      }
      if (redacted?.dialect === DIALECT) blocks.push({ type: 'redacted_thinking', data: redacted.value });
      return blocks;
    }
    case 'tool-call': {
      const input = argumentsObject(part.argumentsText, part.isCustom);
      const block = { type: 'tool_use', id: rendering.ids.forCall(part.id), name: part.name, input };
      return [rendering.breakpoints.mark(block, part.cache)];
    }
    case 'image':
    case 'audio':
      rendering.drop(`content.${part.type}`);
      return [];
    case 'other':
      return renderOther(part, rendering);
  }
}

function renderToolResult(part: ToolResultPart, rendering: Rendering): JsonObject {
  const content = part.content.flatMap((inner) => renderResultPart(inner, rendering));
  const block = withoutUndefined({
    type: 'tool_result',
    tool_use_id: rendering.ids.forResult(part.callId),
    content: content.length > 0 ? content : undefined,
    is_error: part.isError ? true : undefined,
  });
  return rendering.breakpoints.mark(block, part.cache);
}

function renderImage(part: ImagePart, rendering: Rendering): JsonObject {
  if (part.detail && part.detail !== 'auto') rendering.drop('image.detail');
  return rendering.breakpoints.mark({ type: 'image', source: renderSource(part.source, rendering) }, part.cache);
}

function renderFile(part: FilePart, rendering: Rendering): JsonObject {
  const { source, filename, cache } = part;
  const mediaType = source.mediaType ?? 'application/pdf';
  if (mediaType.startsWith('image/')) {
    return rendering.breakpoints.mark({ type: 'image', source: renderSource(source, rendering) }, cache);
  }
  const block = withoutUndefined({
    type: 'document',
    source: isText(mediaType) ? renderTextSource(source, mediaType) : renderSource(source, rendering),
    title: filename || undefined,
  });
  if (!isText(mediaType) && mediaType !== 'application/pdf') throw cannotTake(`files of the type ${mediaType}`);
  return rendering.breakpoints.mark(block, cache);
}

function renderSource(source: MediaSource, rendering: Rendering): JsonObject {
  switch (source.type) {
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url':
      return { type: 'url', url: source.url };
    case 'file-id':
      if (rendering.from !== DIALECT) throw cannotTake('a file that was uploaded to another provider');
      return { type: 'file', file_id: source.id };
  }
}

function renderTextSource(source: MediaSource, mediaType: string): JsonObject {
  if (source.type !== 'base64') throw cannotTake(`files of the type ${mediaType} by reference`);
  return { type: 'text', media_type: 'text/plain', data: Buffer.from(source.data, 'base64').toString('utf8') };
}

function isText(mediaType: string): boolean {
  return /^text\/|^application\/(json|xml|yaml|x-yaml|javascript)\b|\+(json|xml)\b/.test(mediaType);
}

function renderOther(part: OtherPart, rendering: Rendering): JsonObject[] {
  if (part.dialect === DIALECT) return [part.value];
  rendering.drop('content');
  return [];
}

function resultsFirst(content: JsonObject[]): JsonObject[] {
  const isResult = (block: JsonObject) => block.type === 'tool_result';
  return [...content.filter(isResult), ...content.filter((block) => !isResult(block))];
}

/** A last turn of the assistant is one to be continued, and must not end in white space. */
function trimPrefill(turns: Turn[]): void {
  const last = turns.at(-1);
  const block = last?.content.at(-1);
  if (last?.role === 'assistant' && block?.type === 'text' && typeof block.text === 'string') {
    block.text = block.text.trimEnd();
  }
}

function cannotTake(what: string): GatewayError {
  return new GatewayError('unsupported', `The chosen model cannot take ${what}.`, { param: 'messages' });
}
