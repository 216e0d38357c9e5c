import type {
  AssistantPart,
  CacheMarker,
  MediaSource,
  Message,
  Signature,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, tryParseJson, withoutUndefined } from '../../lib/json.ts';
import { type CallIds, createCallIds } from '../call-ids.ts';
import { isTooDeep } from '../too-deep.ts';
import { isGoogleFile, isYouTube, parseDataUrl } from './media-uri.ts';
import { NO_SIGNATURE } from './signature.ts';
import { kindOf } from './tools.ts';
import { DIALECT_ID } from './wire.ts';

interface Turn {
  role: 'user' | 'model';
  parts: JsonObject[];
}

/** How to render: what to call lost fields, and whether the model reads media inside a function response. */
export interface ContentContext {
  dropped: Set<string>;
  hasMediaResponses: boolean;
}

/** The calls of a conversation so far. */
interface Calls {
  ids: CallIds;
  /** Names of the tools, by the rendered ids of their calls. */
  names: Map<string, string>;
}

/** `contents`: turns that alternate, with all answers to a turn's calls at the start of the next one. */
export function renderContents(messages: Message[], context: ContentContext): JsonObject[] {
  // Without an id, calls could only be told apart by their order.
  const calls: Calls = { ids: createCallIds((id) => id || 'call'), names: new Map() };
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = renderMessage(message, calls, context);
    const last = turns.at(-1);
    if (parts.length === 0) continue;
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts });
  }
  return turns.map(({ role, parts }) => ({
    role,
    parts: role === 'model' ? withSignature(parts) : answersFirst(parts),
  }));
}

export function renderSystem(system: TextPart[], context: ContentContext): JsonObject[] {
  for (const part of system) noteCache(part.cache, context);
  return system.filter((part) => part.text !== '').map((part) => ({ text: part.text }));
}

/** The arguments as the object Google wants; text that is none is kept under a name that says so. */
export function renderArguments({
  argumentsText,
  isCustom,
}: Pick<ToolCallPart, 'argumentsText' | 'isCustom'>): JsonObject {
  if (isCustom) return { input: argumentsText };
  if (argumentsText.trim() === '') return {};
  const args = tryParseJson(argumentsText);
  return isJsonObject(args) && !isTooDeep(args) ? args : { _invalid_json: argumentsText };
}

/** Only Google can read Google's signature, and Google reads no other. */
export function renderSignature(signature: Signature | undefined): string | undefined {
  return signature?.dialect === DIALECT_ID ? signature.value : undefined;
}

function renderMessage(message: Message, calls: Calls, context: ContentContext): JsonObject[] {
  switch (message.role) {
    case 'system':
      // Google has instructions only before the conversation; there they would change what came before them.
      return renderSystem(message.content, context);
    case 'user':
      return message.content.flatMap((part) => renderUserPart(part, calls, context));
    case 'assistant':
      return message.content.flatMap((part) => renderModelPart(part, calls, context));
    default:
      return message satisfies never;
  }
}

function renderUserPart(part: UserPart, calls: Calls, context: ContentContext): JsonObject[] {
  switch (part.type) {
    case 'text':
      noteCache(part.cache, context);
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
      if (part.detail !== undefined && part.detail !== 'auto') context.dropped.add('detail');
      noteCache(part.cache, context);
      return [renderMedia(part.source, 'images')];
    case 'file':
      noteCache(part.cache, context);
      return [renderMedia(part.source, 'files')];
    case 'audio':
      return [renderMedia(part.source, 'audio')];
    case 'tool-result':
      noteCache(part.cache, context);
      return renderToolResult(part, calls, context);
    case 'other':
      return renderOther(part, context);
    default:
      return part satisfies never;
  }
}

function renderModelPart(part: AssistantPart, calls: Calls, context: ContentContext): JsonObject[] {
  switch (part.type) {
    case 'text': {
      noteCache(part.cache, context);
      const thoughtSignature = renderSignature(part.signature);
      if (part.text === '' && thoughtSignature === undefined) return [];
      return [withoutUndefined({ text: part.text, thoughtSignature })];
    }
    case 'reasoning': {
      const thoughtSignature = renderSignature(part.signature);
      return thoughtSignature === undefined ? [] : [{ text: part.text, thought: true, thoughtSignature }];
    }
    case 'tool-call': {
      noteCache(part.cache, context);
      const id = calls.ids.forCall(part.id);
      calls.names.set(id, part.name);
      const functionCall = { id, name: part.name, args: renderArguments(part) };
      return [withoutUndefined({ functionCall, thoughtSignature: renderSignature(part.signature) })];
    }
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
      return [renderMedia(part.source, 'images')];
    case 'audio':
      return [renderMedia(part.source, 'audio')];
    case 'other':
      return renderOther(part, context);
    default:
      return part satisfies never;
  }
}

function renderToolResult(result: ToolResultPart, calls: Calls, context: ContentContext): JsonObject[] {
  const text: string[] = [];
  const media: JsonObject[] = [];
  for (const part of result.content) {
    if (part.type === 'text') text.push(part.text);
    else if (part.type === 'other') media.push(...renderOther(part, context));
    else media.push(renderMedia(part.source, part.type === 'image' ? 'images' : 'files'));
  }
  const id = calls.ids.forResult(result.callId);
  const functionResponse = {
    id,
    name: result.name || calls.names.get(id) || id,
    response: { [result.isError ? 'error' : 'result']: text.join('\n') },
  };
  if (media.length === 0) return [{ functionResponse }];
  // Models before Gemini 3 read media only beside the response.
  return context.hasMediaResponses
    ? [{ functionResponse: { ...functionResponse, parts: media } }]
    : [{ functionResponse }, ...media];
}

function renderMedia(source: MediaSource, kind: string): JsonObject {
  if (source.type === 'base64') return { inlineData: { mimeType: source.mediaType, data: source.data } };
  const uri = source.type === 'url' ? source.url : source.id;
  const inline = parseDataUrl(uri);
  if (inline) return { inlineData: { mimeType: inline.mediaType, data: inline.data } };
  if (isGoogleFile(uri) || isYouTube(uri)) {
    return { fileData: withoutUndefined({ mimeType: source.mediaType, fileUri: uri }) };
  }
  const what =
    source.type === 'url' ? `${kind} by URL (${uri.slice(0, 200)})` : `${kind} by a file id of another provider`;
  throw new GatewayError('unsupported', `This model cannot read ${what}; send the content itself, base64-encoded.`);
}

function renderOther(part: { dialect: string; value: JsonObject }, { dropped }: ContentContext): JsonObject[] {
  if (part.dialect === DIALECT_ID) return [part.value];
  dropped.add(`content: ${kindOf(part.value)}`);
  return [];
}

/** Google signs only the first of parallel calls, and misses a signature only there. */
function withSignature(parts: JsonObject[]): JsonObject[] {
  const first = parts.findIndex((part) => part.functionCall !== undefined);
  return parts.map((part, i) =>
    i === first && !part.thoughtSignature ? { ...part, thoughtSignature: NO_SIGNATURE } : part,
  );
}

function answersFirst(parts: JsonObject[]): JsonObject[] {
  const isAnswer = (part: JsonObject) => part.functionResponse !== undefined;
  return [...parts.filter(isAnswer), ...parts.filter((part) => !isAnswer(part))];
}

function noteCache(cache: CacheMarker | undefined, { dropped }: ContentContext): void {
  if (cache) dropped.add('cache');
}
