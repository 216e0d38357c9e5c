import type { MediaSource } from '../../chat/request.ts';

/** `data:<type>[;parameters];base64,<data>`; the rest of a data URL can be megabytes, so no expression runs over it. */
const DATA_URL = /^data:([^;,]*)(?:;[^;,]+)*;base64$/i;
const LONGEST_HEAD = 512;

/** A URL as it stands in `image_url`, `file_data` or `file_url`: one to fetch, or the data themselves. */
export function parseUrl(url: string): MediaSource {
  const comma = url.slice(0, LONGEST_HEAD).indexOf(',');
  const head = comma === -1 ? null : DATA_URL.exec(url.slice(0, comma));
  if (!head) return { type: 'url', url };
  return { type: 'base64', mediaType: head[1] || 'application/octet-stream', data: url.slice(comma + 1) };
}

export function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

/** The `format` of `input_audio` as a media type, and back. */
export function audioMediaType(format: string): string {
  return format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
}

/** `undefined` where OpenAI takes no such audio. */
export function audioFormat(mediaType: string): 'mp3' | 'wav' | undefined {
  switch (mediaType.split(';')[0]?.trim().toLowerCase()) {
    case 'audio/mpeg':
    case 'audio/mp3':
      return 'mp3';
    case 'audio/wav':
    case 'audio/x-wav':
    case 'audio/wave':
    case 'audio/vnd.wave':
      return 'wav';
    default:
      return undefined;
  }
}
