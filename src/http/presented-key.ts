import { urlOf } from '../lib/url-of.ts';

const BEARER = /^bearer\s+(.+)$/i;

/**
 * The gateway key a request carries, in whichever of the places SDKs put an API key: `Authorization: Bearer` (OpenAI, newer
 * Anthropic), `x-api-key` (Anthropic), `x-goog-api-key` or `?key=` (Google).
 */
export function presentedKey(request: Request): string | null {
  const { headers } = request;
  const key =
    BEARER.exec(headers.get('authorization') ?? '')?.[1] ??
    headers.get('x-api-key') ??
    headers.get('x-goog-api-key') ??
    (request.url.includes('key=') ? urlOf(request).searchParams.get('key') : null);
  return key?.trim() || null;
}
