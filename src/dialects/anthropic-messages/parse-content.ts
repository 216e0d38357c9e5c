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
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { Extras } from '../extras.ts';
import { tryWriteJson } from './arguments.ts';
import { parseCacheControl } from './cache-control.ts';
import { invalidField, readField } from './field.ts';
import {
  DIALECT,
  wireBase64Source,
  wireBlock,
  wireFileSource,
  wireMediaBlock,
  wireMessage,
  wirePlainTextSource,
  wireRedactedBlock,
  wireTextBlock,
  wireThinkingBlock,
  wireToolResultBlock,
  wireToolUseBlock,
  wireUrlSource,
} from './wire.ts';

/** A value of the body and where it stands in it. */
interface Place {
  value: unknown;
  path: string;
  extras: Extras;
}

/** A turn of the conversation. Blocks without a word of ours become `other` parts. Throws `invalid_request`. */
export function parseMessage(place: Place): Message {
  const { path, extras } = place;
  const { role, content } = readField(wireMessage, place.value, path);
  extras.keepRest(path, place.value, ['role', 'content']);
  const places = blocksOf({ value: content, path: `${path}.content`, extras });
  if (role === 'user') return { role, content: places.map(parseUserPart) };
  if (role === 'assistant') return { role, content: places.map(parseAssistantPart) };
  return { role, content: places.flatMap(parseInstruction) };
}

/** The instructions at the start. */
export function parseSystem(place: Place): TextPart[] {
  const { value } = place;
  if (value === null || value === undefined || value === '') return [];
  return blocksOf(place).flatMap(parseInstruction);
}

/** A string stands for one block of text. */
function blocksOf({ value, path, extras }: Place): Place[] {
  if (!Array.isArray(value)) return [{ value: { type: 'text', text: value }, path, extras }];
  return value.map((block, index) => ({ value: block, path: `${path}[${index}]`, extras }));
}

/** Between instructions stand only texts in our words; what else a model takes there is kept as it is. */
function parseInstruction(place: Place): TextPart[] {
  if (readField(wireBlock, place.value, place.path).type === 'text') return [parseText(place)];
  place.extras.keep(place.path, place.value);
  return [];
}

function parseUserPart(place: Place): UserPart {
  const { type } = readField(wireBlock, place.value, place.path);
  return type === 'tool_result' ? parseToolResult(place) : parseResultPart(place);
}

function parseResultPart(place: Place): TextPart | ImagePart | FilePart | OtherPart {
  switch (readField(wireBlock, place.value, place.path).type) {
    case 'text':
      return parseText(place);
    case 'image':
      return parseImage(place);
    case 'document':
      return parseDocument(place);
    default:
      return otherPart(place);
  }
}

function parseAssistantPart(place: Place): AssistantPart {
  const { value, path, extras } = place;
  switch (readField(wireBlock, value, path).type) {
    case 'text':
      return parseText(place);
    case 'thinking': {
      const { thinking, signature } = readField(wireThinkingBlock, value, path);
      extras.keepRest(path, value, ['type', 'thinking', 'signature']);
      // An empty signature is what we write for thoughts of another vendor; it proves nothing.
      return { type: 'reasoning', text: thinking, ...(signature ? { signature: sign(signature) } : {}) };
    }
    case 'redacted_thinking': {
      const { data } = readField(wireRedactedBlock, value, path);
      extras.keepRest(path, value, ['type', 'data']);
      return { type: 'reasoning', text: '', redacted: sign(data) };
    }
    case 'tool_use':
      return parseToolUse(place);
    default:
      return otherPart(place);
  }
}

function parseText({ value, path, extras }: Place): TextPart {
  const { text, citations, cache_control } = readField(wireTextBlock, value, path);
  extras.keepRest(path, value, ['type', 'text', 'citations', 'cache_control']);
  const part: TextPart = { type: 'text', text };
  const cache = parseCacheControl(cache_control);
  if (cache) part.cache = cache;
  if (citations && citations.length > 0) part.citations = citations;
  return part;
}

function parseToolUse({ value, path, extras }: Place): AssistantPart {
  const { id, name, input, cache_control, caller } = readField(wireToolUseBlock, value, path);
  extras.keepRest(path, value, ['type', 'id', 'name', 'input', 'cache_control', 'caller']);
  // A direct call is the ordinary kind, and newer replies say so on every block.
  if (!isJsonObject(caller) || caller.type !== 'direct') extras.keep(`${path}.caller`, caller);
  const argumentsText = tryWriteJson(input ?? {});
  if (argumentsText === undefined) throw invalidField(`${path}.input`, 'it is nested too deeply');
  const cache = parseCacheControl(cache_control);
  return { type: 'tool-call', id, name, argumentsText, ...(cache ? { cache } : {}) };
}

function parseToolResult({ value, path, extras }: Place): ToolResultPart {
  const { tool_use_id, content, is_error, cache_control } = readField(wireToolResultBlock, value, path);
  extras.keepRest(path, value, ['type', 'tool_use_id', 'content', 'is_error', 'cache_control']);
  const places = content ? blocksOf({ value: content, path: `${path}.content`, extras }) : [];
  const cache = parseCacheControl(cache_control);
  return {
    type: 'tool-result',
    callId: tool_use_id,
    content: places.map(parseResultPart),
    isError: is_error ?? false,
    ...(cache ? { cache } : {}),
  };
}

function parseImage(place: Place): ImagePart | OtherPart {
  const { source, cache_control } = readField(wireMediaBlock, place.value, place.path);
  const media = parseSource(source, `${place.path}.source`);
  if (!media) return otherPart(place);
  place.extras.keepRest(place.path, place.value, ['type', 'source', 'cache_control']);
  const cache = parseCacheControl(cache_control);
  return { type: 'image', source: media, ...(cache ? { cache } : {}) };
}

function parseDocument(place: Place): FilePart | OtherPart {
  const { source, title, cache_control } = readField(wireMediaBlock, place.value, place.path);
  const media = parseSource(source, `${place.path}.source`);
  if (!media) return otherPart(place);
  place.extras.keepRest(place.path, place.value, ['type', 'source', 'title', 'cache_control']);
  const part: FilePart = { type: 'file', source: media };
  const cache = parseCacheControl(cache_control);
  if (title) part.filename = title;
  if (cache) part.cache = cache;
  // A document given by its address is always a PDF here.
  if (media.type === 'url') media.mediaType = 'application/pdf';
  return part;
}

function parseSource(source: JsonObject, path: string): MediaSource | undefined {
  switch (source.type) {
    case 'base64': {
      const { media_type, data } = readField(wireBase64Source, source, path);
      return { type: 'base64', mediaType: media_type, data };
    }
    case 'url':
      return { type: 'url', url: readField(wireUrlSource, source, path).url };
    case 'file':
      return { type: 'file-id', id: readField(wireFileSource, source, path).file_id };
    case 'text': {
      const { media_type, data } = readField(wirePlainTextSource, source, path);
      return { type: 'base64', mediaType: media_type ?? 'text/plain', data: Buffer.from(data).toString('base64') };
    }
    default:
      return undefined;
  }
}

function otherPart({ value }: Place): OtherPart {
  return { type: 'other', dialect: DIALECT, value: isJsonObject(value) ? value : {} };
}

function sign(value: string) {
  return { dialect: DIALECT, value };
}
