import type { FilePart, MediaSource, TextPart, ToolResultPart, UserPart } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { audioFormat, dataUrl } from '../openai-common/media.ts';
import { DIALECT } from './dialect-id.ts';

const DETAILS = new Set(['auto', 'low', 'high']);
const TEXTUAL = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|x-sh)\b)/i;

/** A lone text is a string, which every server understands; several stay apart. */
export function renderTextParts(parts: readonly TextPart[]): string | JsonObject[] {
  const [first] = parts;
  if (parts.length === 1 && first) return first.text;
  return parts.map(({ text }) => ({ type: 'text', text }));
}

/** A part of a user message; none for a part of another dialect, which is named in `dropped`. */
export function renderUserPart(part: Exclude<UserPart, ToolResultPart>, dropped: string[]): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image': {
      const detail = part.detail !== undefined && DETAILS.has(part.detail) ? part.detail : undefined;
      return [{ type: 'image_url', image_url: withoutUndefined({ url: imageUrl(part.source), detail }) }];
    }
    case 'audio':
      return [{ type: 'input_audio', input_audio: renderAudio(part.source) }];
    case 'file':
      return [renderFile(part)];
    case 'other':
      if (part.dialect === DIALECT) return [part.value];
      dropped.push(`${part.dialect} content`);
      return [];
  }
}

function imageUrl(source: MediaSource): string {
  if (source.type === 'file-id') throw unsupported('an image that is named by its file id');
  return source.type === 'url' ? source.url : dataUrl(source.mediaType, source.data);
}

function renderAudio(source: MediaSource): JsonObject {
  if (source.type !== 'base64') throw unsupported('audio that is not in the request itself');
  const format = audioFormat(source.mediaType);
  if (!format) throw unsupported(`audio of the type ${source.mediaType}`);
  return { data: source.data, format };
}

function renderFile({ source, filename }: FilePart): JsonObject {
  if (source.type === 'url') throw unsupported('a file that is named by its URL');
  if (source.type === 'file-id') return { type: 'file', file: { file_id: source.id } };
  const { mediaType, data } = source;
  // Chat reads documents only; a text file is the text in it.
  if (TEXTUAL.test(mediaType)) {
    const text = Buffer.from(data, 'base64').toString('utf8');
    return { type: 'text', text: filename === undefined ? text : `${filename}:\n${text}` };
  }
  if (/^(video|audio)\//i.test(mediaType)) throw unsupported(`a file of the type ${mediaType}`);
  const name = filename ?? (mediaType === 'application/pdf' ? 'document.pdf' : 'document');
  return { type: 'file', file: { filename: name, file_data: dataUrl(mediaType, data) } };
}

function unsupported(what: string): GatewayError {
  return new GatewayError('unsupported', `The chosen model cannot be sent ${what}.`);
}
