import type { Client } from '../lib/client-of.ts';
import { SESSION_SECONDS } from './sessions.ts';

const NAME = 'gateway_session';

interface SessionCookieOptions {
  /** Where people reach us, as far as that is known. */
  publicUrl: string | null;
  /** The path of that, empty for none. */
  basePath: string;
}

/** What of a client decides how its cookie is set. */
type Connection = Pick<Client, 'isEncrypted'>;

export type SessionCookie = ReturnType<typeof createSessionCookie>;

/**
 * The cookie of a session. Where we are known to be reached encrypted, its name says so, and a browser then takes it from
 * nobody else: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function createSessionCookie({ publicUrl, basePath }: SessionCookieOptions) {
  const isAlwaysEncrypted = publicUrl?.startsWith('https:') ?? false;
  const name = isAlwaysEncrypted ? `${basePath === '' ? '__Host-' : '__Secure-'}${NAME}` : NAME;

  function read(request: Request): string | null {
    return new Bun.CookieMap(request.headers.get('cookie') ?? '').get(name);
  }

  /** The `set-cookie` value that signs a browser in. */
  function render(client: Connection, token: string): string {
    return serialize(client, token, SESSION_SECONDS);
  }

  /** The `set-cookie` value that makes a browser forget the session. */
  function renderCleared(client: Connection): string {
    return serialize(client, '', 0);
  }

  /**
   * Lax and not Strict: under Strict a link from an e-mail or a chat would lead a person who is signed in to the sign-in page.
   * What Lax lets through, a plain GET from another site, changes nothing here; everything that does is checked by origin.
   */
  function serialize({ isEncrypted }: Connection, value: string, maxAge: number): string {
    const secure = isAlwaysEncrypted || isEncrypted;
    const path = basePath || '/';
    return new Bun.Cookie(name, value, { httpOnly: true, sameSite: 'lax', path, maxAge, secure }).serialize();
  }

  return { name, read, render, renderCleared };
}
