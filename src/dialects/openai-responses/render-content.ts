import type {
  CacheMarker,
  FilePart,
  ImagePart,
  MediaSource,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { CallIds } from '../call-ids.ts';
import { audioFormat, dataUrl } from '../openai-common/media.ts';
import { DIALECT } from './dialect-id.ts';

const DETAILS = new Set(['auto', 'low', 'high', 'original']);
const TEXTUAL = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|x-sh)\b)/i;

/** What the parts of one rendered request share. */
export interface Rendering {
  /** Whether the client speaks this dialect too: then its models know cache breakpoints, if it set any. */
  isOwn: boolean;
  ids: CallIds;
  /** Ids, as rendered, of the free-text calls so far: their results are items of another type. */
  customCalls: Set<string>;
  dropped: string[];
}

/** Whether a thing only this dialect knows is an item of its own, and not a part of a message. */
export function isItem({ type }: JsonObject): boolean {
  return typeof type !== 'string' || !/^(input|output)_/.test(type);
}

/** A lone text is a string, which every server understands. */
export function contentOf(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const [first] = parts;
  if (!first) return '';
  const isPlain = parts.length === 1 && Object.keys(first).length === 2 && typeof first.text === 'string';
  return isPlain && typeof first.text === 'string' ? first.text : parts;
}

export function renderSystemParts(parts: readonly TextPart[], rendering: Rendering): JsonObject[] {
  return parts.map((part) => ({ type: 'input_text', text: part.text, ...renderCache(part, rendering) }));
}

/** A part of a user's message or a tool's result; none for a part of another dialect, which is named in `dropped`. */
export function renderUserPart(part: Exclude<UserPart, ToolResultPart>, rendering: Rendering): JsonObject[] {
  switch (part.type) {
    case 'text':
      return renderSystemParts([part], rendering);
    case 'image':
      return [{ ...renderImage(part), ...renderCache(part, rendering) }];
    case 'file':
      return [{ ...renderFile(part), ...renderCache(part, rendering) }];
    case 'audio':
      return [{ type: 'input_audio', input_audio: renderAudio(part.source) }];
    case 'other':
      if (part.dialect === DIALECT) return [part.value];
      rendering.dropped.push(`${part.dialect} content`);
      return [];
  }
}

/**
 * The breakpoints of a client of this dialect. For others there is nothing to do: OpenAI caches by itself, and older
 * models refuse the field.
 */
function renderCache({ cache }: { cache?: CacheMarker | undefined }, { isOwn }: Rendering): JsonObject {
  if (!cache || !isOwn) return {};
  const { ttlSeconds } = cache;
  const ttl =
    ttlSeconds === undefined ? undefined : ttlSeconds % 3600 ? `${ttlSeconds / 60}m` : `${ttlSeconds / 3600}h`;
  return { prompt_cache_breakpoint: withoutUndefined({ mode: 'explicit', ttl }) };
}

function renderImage({ source, detail }: ImagePart): JsonObject {
  const known = detail !== undefined && DETAILS.has(detail) ? detail : undefined;
  const image = source.type === 'file-id' ? { file_id: source.id } : { image_url: urlOf(source) };
  return withoutUndefined({ type: 'input_image', ...image, detail: known });
}

function urlOf(source: Exclude<MediaSource, { type: 'file-id' }>): string {
  return source.type === 'url' ? source.url : dataUrl(source.mediaType, source.data);
}

function renderAudio(source: MediaSource): JsonObject {
  if (source.type !== 'base64') throw unsupported('audio that is not in the request itself');
  const format = audioFormat(source.mediaType);
  if (!format) throw unsupported(`audio of the type ${source.mediaType}`);
  return { data: source.data, format };
}

function renderFile({ source, filename }: FilePart): JsonObject {
  const mediaType = source.mediaType ?? '';
  if (/^(video|audio)\//i.test(mediaType)) throw unsupported(`a file of the type ${mediaType}`);
  if (/^image\//i.test(mediaType)) return renderImage({ type: 'image', source });
  if (source.type === 'url') return withoutUndefined({ type: 'input_file', filename, file_url: source.url });
  if (source.type === 'file-id') return { type: 'input_file', file_id: source.id };
  // A text file is the text in it, which servers like OpenAI's understand as well.
  if (TEXTUAL.test(mediaType)) {
    const text = Buffer.from(source.data, 'base64').toString('utf8');
    return { type: 'input_text', text: filename === undefined ? text : `${filename}:\n${text}` };
  }
  const name = filename ?? (mediaType === 'application/pdf' ? 'document.pdf' : 'document');
  return { type: 'input_file', filename: name, file_data: dataUrl(mediaType, source.data) };
}

function unsupported(what: string): GatewayError {
  return new GatewayError('unsupported', `The chosen model cannot be sent ${what}.`);
}
