import type { MediaSource } from '../../chat/request.ts';
import { parseUrl } from '../openai-common/media.ts';

/** `file_data` is a data URL; from some clients it is the bare base64. */
export function parseFileData(data: string, filename: string | undefined): MediaSource {
  const source = parseUrl(data);
  if (source.type !== 'url' || /^(data|https?):/i.test(data)) return source;
  return {
    type: 'base64',
    mediaType: /\.pdf$/i.test(filename ?? '') ? 'application/pdf' : 'application/octet-stream',
    data,
  };
}
