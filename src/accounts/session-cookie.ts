import { SESSION_SECONDS } from './sessions.ts';

const NAME = 'gateway_session';

export function readSessionCookie(request: Request): string | null {
  return new Bun.CookieMap(request.headers.get('cookie') ?? '').get(NAME);
}

/** The `set-cookie` value that signs a browser in. */
export function renderSessionCookie(request: Request, token: string): string {
  return renderCookie(request, token, SESSION_SECONDS);
}

/** The `set-cookie` value that makes a browser forget the session. */
export function renderClearedCookie(request: Request): string {
  return renderCookie(request, '', 0);
}

/**
 * Lax and not Strict: under Strict a link from an e-mail or a chat would lead a person who is signed in to the sign-in page.
 * What Lax lets through, a plain GET from another site, changes nothing here; everything that does is checked by origin.
 */
function renderCookie(request: Request, value: string, maxAge: number): string {
  const secure = isEncrypted(request);
  return new Bun.Cookie(NAME, value, { httpOnly: true, sameSite: 'lax', path: '/', maxAge, secure }).serialize();
}

/** A proxy in front may have done the encryption. Whoever forges that header only makes their own cookie stricter. */
function isEncrypted(request: Request): boolean {
  return new URL(request.url).protocol === 'https:' || request.headers.get('x-forwarded-proto') === 'https';
}
