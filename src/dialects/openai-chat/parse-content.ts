import type {
  AssistantPart,
  CacheMarker,
  FilePart,
  OtherPart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { check, invalid } from '../openai-common/check.ts';
import { audioMediaType, parseUrl } from '../openai-common/media.ts';
import { DIALECT } from './dialect-id.ts';
import { WireAudioPart, WireFilePart, WireImagePart, WireRefusalPart, WireTextPart } from './wire.ts';

const TTL = /^(\d{1,6})(s|m|h)$/;
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** The content of a system or developer message. */
export function parseSystemContent(content: unknown, path: string): TextPart[] {
  return partsOf(content, path).map((part, index) => parseText(part, `${path}[${index}]`));
}

export function parseUserContent(content: unknown, path: string): UserPart[] {
  if (content === undefined || content === null) throw invalid(path, 'is required');
  return partsOf(content, path).map((part, index) => parseUserPart(part, `${path}[${index}]`));
}

/** Text and refusals; the calls, thoughts and sound of an assistant message are in fields of their own. */
export function parseAssistantContent(content: unknown, path: string): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const [index, part] of partsOf(content, path).entries()) {
    const at = `${path}[${index}]`;
    // An empty string beside tool calls says nothing, and other dialects refuse empty text.
    if (part.type === 'text' && part.text === '') continue;
    if (part.type === 'text') parts.push(parseText(part, at));
    else if (part.type === 'refusal') parts.push({ type: 'refusal', text: check(WireRefusalPart, part, at).refusal });
    else parts.push(other(part));
  }
  return parts;
}

/** What a tool answered. OpenAI takes text only; servers like it take images as well. */
export function parseToolContent(content: unknown, path: string): ToolResultPart['content'] {
  return partsOf(content, path).map((part, index) => {
    const parsed = parseUserPart(part, `${path}[${index}]`);
    return parsed.type === 'audio' ? other(part) : parsed;
  });
}

/** A `cache_control` of the servers that pass it on, or OpenAI's own breakpoint. */
export function parseCache(wire: JsonObject): { cache?: CacheMarker } {
  if (isJsonObject(wire.prompt_cache_breakpoint)) return { cache: {} };
  if (!isJsonObject(wire.cache_control)) return {};
  const { ttl } = wire.cache_control;
  const match = typeof ttl === 'string' ? TTL.exec(ttl) : null;
  if (!match) return { cache: {} };
  return { cache: { ttlSeconds: Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 1) } };
}

function partsOf(content: unknown, path: string): (JsonObject & { type: string })[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalid(path, 'must be a string or a list of parts');
  return content.map((part: unknown, index) => {
    if (!isJsonObject(part)) throw invalid(`${path}[${index}]`, 'must be an object');
    const { type } = part;
    if (typeof type !== 'string') throw invalid(`${path}[${index}].type`, 'must be a string');
    return { ...part, type };
  });
}

function parseUserPart(part: JsonObject, path: string): Exclude<UserPart, ToolResultPart> {
  switch (part.type) {
    case 'text':
      return parseText(part, path);
    case 'image_url': {
      const { url, detail } = check(WireImagePart, part, path).image_url;
      return { type: 'image', source: parseUrl(url), ...(detail ? { detail } : {}), ...parseCache(part) };
    }
    case 'input_audio': {
      const { data, format } = check(WireAudioPart, part, path).input_audio;
      return { type: 'audio', source: { type: 'base64', mediaType: audioMediaType(format), data } };
    }
    case 'file':
      return parseFile(part, path);
    default:
      return other(part);
  }
}

function parseText(part: JsonObject, path: string): TextPart {
  if (part.type !== 'text') throw invalid(`${path}.type`, 'must be `text` here');
  return { type: 'text', text: check(WireTextPart, part, path).text, ...parseCache(part) };
}

function parseFile(part: JsonObject, path: string): FilePart {
  const { file_data: data, file_id: id, filename } = check(WireFilePart, part, path).file;
  const about = { ...(filename === undefined ? {} : { filename }), ...parseCache(part) };
  if (data !== undefined) return { type: 'file', source: parseUrl(data), ...about };
  if (id !== undefined) return { type: 'file', source: { type: 'file-id', id }, ...about };
  throw invalid(`${path}.file`, 'needs `file_data` or `file_id`');
}

function other(value: JsonObject): OtherPart {
  return { type: 'other', dialect: DIALECT, value };
}
