import { urlOf } from '../lib/url-of.ts';

const BEARER = /^bearer\s+([^\s,]+)/i;
const KEY_PREFIX = 'gw-';

/**
 * The gateway key a request carries, in whichever of the places SDKs put an API key: `Authorization: Bearer` (OpenAI, newer
 * Anthropic), `x-api-key` (Anthropic), `x-goog-api-key` or `?key=` (Google). Of several, the one that looks like ours.
 */
export function presentedKey(request: Request): string | null {
  const { headers } = request;
  const bearer = BEARER.exec(headers.get('authorization') ?? '')?.[1];
  if (bearer?.startsWith(KEY_PREFIX)) return bearer;
  const presented = [
    bearer,
    headers.get('x-api-key'),
    headers.get('x-goog-api-key'),
    request.url.includes('key=') ? urlOf(request).searchParams.get('key') : null,
  ];
  const keys = presented.flatMap((key) => key?.trim() || []);
  return keys.find((key) => key.startsWith(KEY_PREFIX)) ?? keys[0] ?? null;
}
