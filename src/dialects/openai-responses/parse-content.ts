import type {
  AssistantPart,
  CacheMarker,
  FilePart,
  ImagePart,
  OtherPart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { Extras } from '../extras.ts';
import { check, invalid } from '../openai-common/check.ts';
import { audioMediaType, parseUrl } from '../openai-common/media.ts';
import { DIALECT } from './dialect-id.ts';
import { parseFileData } from './file-data.ts';
import { WireAudioPart, WireFilePart, WireImagePart, WireRefusalPart, WireTextPart } from './wire.ts';

/** Where a part stands, and where its fields without a word of ours go. */
export interface Place {
  path: string;
  extras: Extras;
}

const TTL = /^(\d{1,6})(s|m|h)$/;
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** The content of a system or developer message. */
export function parseSystemContent(content: unknown, place: Place): TextPart[] {
  return partsOf(content, place.path).map(([part, path]) => {
    if (!isText(part)) throw invalid(`${path}.type`, 'must be `input_text` here');
    return parseText(part, { ...place, path });
  });
}

export function parseUserContent(content: unknown, place: Place): Exclude<UserPart, ToolResultPart>[] {
  if (content === undefined || content === null) throw invalid(place.path, 'is required');
  return partsOf(content, place.path).map(([part, path]) => parseUserPart(part, { ...place, path }));
}

/** Text, refusals and, from some clients, images. Empty text says nothing, and other dialects refuse it. */
export function parseAssistantContent(content: unknown, place: Place): AssistantPart[] {
  return partsOf(content, place.path).flatMap(([part, path]): AssistantPart[] => {
    if (part.type === 'refusal') {
      const { refusal } = check(WireRefusalPart, part, path);
      return refusal === '' ? [] : [{ type: 'refusal', text: refusal }];
    }
    if (isText(part)) {
      const parsed = parseText(part, { ...place, path });
      return parsed.text === '' ? [] : [parsed];
    }
    return [part.type === 'input_image' ? parseImage(part, { ...place, path }) : other(part)];
  });
}

/** What a tool answered. */
export function parseOutput(output: unknown, place: Place): ToolResultPart['content'] {
  return partsOf(output, place.path).map(([part, path]) => {
    const parsed = parseUserPart(part, { ...place, path });
    return parsed.type === 'audio' ? other(part) : parsed;
  });
}

export function other(value: JsonObject): OtherPart {
  return { type: 'other', dialect: DIALECT, value };
}

type TypedPart = JsonObject & { type: string };

function partsOf(content: unknown, path: string): [TypedPart, string][] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [[{ type: 'input_text', text: content }, path]];
  if (!Array.isArray(content)) throw invalid(path, 'must be a string or a list of parts');
  return content.map((part: unknown, index): [TypedPart, string] => {
    const at = `${path}[${index}]`;
    if (!isJsonObject(part)) throw invalid(at, 'must be an object');
    const { type } = part;
    if (typeof type !== 'string') throw invalid(`${at}.type`, 'must be a string');
    return [{ ...part, type }, at];
  });
}

/** OpenAI tells the two sides' texts apart; clients that keep one history for both do not always. */
function isText({ type }: TypedPart): boolean {
  return type === 'input_text' || type === 'output_text' || type === 'text';
}

function parseUserPart(part: TypedPart, place: Place): Exclude<UserPart, ToolResultPart> {
  if (isText(part)) return parseText(part, place);
  switch (part.type) {
    case 'input_image':
      return parseImage(part, place);
    case 'input_audio': {
      const { data, format } = check(WireAudioPart, part, place.path).input_audio;
      return { type: 'audio', source: { type: 'base64', mediaType: audioMediaType(format), data } };
    }
    case 'input_file':
      return parseFile(part, place);
    default:
      return other(part);
  }
}

function parseText(part: TypedPart, { path, extras }: Place): TextPart {
  extras.keepRest(path, part, ['type', 'text', 'annotations', 'logprobs', 'prompt_cache_breakpoint']);
  const { annotations } = part;
  const citations = Array.isArray(annotations) && annotations.length > 0 ? { citations: annotations } : {};
  return { type: 'text', text: check(WireTextPart, part, path).text, ...citations, ...parseCache(part) };
}

function parseImage(part: TypedPart, { path, extras }: Place): ImagePart {
  const { image_url: url, file_id: id, detail } = check(WireImagePart, part, path);
  extras.keepRest(path, part, ['type', 'image_url', 'file_id', 'detail', 'prompt_cache_breakpoint']);
  const about = { ...(detail ? { detail } : {}), ...parseCache(part) };
  if (url !== undefined) return { type: 'image', source: parseUrl(url), ...about };
  if (id !== undefined) return { type: 'image', source: { type: 'file-id', id }, ...about };
  throw invalid(path, 'needs `image_url` or `file_id`');
}

function parseFile(part: TypedPart, { path, extras }: Place): FilePart {
  const { file_data: data, file_url: url, file_id: id, filename } = check(WireFilePart, part, path);
  extras.keepRest(path, part, ['type', 'file_data', 'file_url', 'file_id', 'filename', 'prompt_cache_breakpoint']);
  const about = { ...(filename === undefined ? {} : { filename }), ...parseCache(part) };
  if (data !== undefined) return { type: 'file', source: parseFileData(data, filename), ...about };
  if (url !== undefined) return { type: 'file', source: parseUrl(url), ...about };
  if (id !== undefined) return { type: 'file', source: { type: 'file-id', id }, ...about };
  throw invalid(path, 'needs `file_data`, `file_url` or `file_id`');
}

function parseCache({ prompt_cache_breakpoint: breakpoint }: JsonObject): { cache?: CacheMarker } {
  if (!isJsonObject(breakpoint)) return {};
  const match = typeof breakpoint.ttl === 'string' ? TTL.exec(breakpoint.ttl) : null;
  if (!match) return { cache: {} };
  return { cache: { ttlSeconds: Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 1) } };
}
