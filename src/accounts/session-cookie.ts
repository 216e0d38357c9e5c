import type { Client } from '../lib/client-of.ts';
import { SESSION_SECONDS } from './sessions.ts';

const NAME = 'gateway_session';

/** What of a client decides how its cookie is set. */
type Connection = Pick<Client, 'isEncrypted'>;

export function readSessionCookie(request: Request): string | null {
  return new Bun.CookieMap(request.headers.get('cookie') ?? '').get(NAME);
}

/** The `set-cookie` value that signs a browser in. */
export function renderSessionCookie(client: Connection, token: string): string {
  return renderCookie(client, token, SESSION_SECONDS);
}

/** The `set-cookie` value that makes a browser forget the session. */
export function renderClearedCookie(client: Connection): string {
  return renderCookie(client, '', 0);
}

/**
 * Lax and not Strict: under Strict a link from an e-mail or a chat would lead a person who is signed in to the sign-in page.
 * What Lax lets through, a plain GET from another site, changes nothing here; everything that does is checked by origin.
 */
function renderCookie({ isEncrypted: secure }: Connection, value: string, maxAge: number): string {
  return new Bun.Cookie(NAME, value, { httpOnly: true, sameSite: 'lax', path: '/', maxAge, secure }).serialize();
}
