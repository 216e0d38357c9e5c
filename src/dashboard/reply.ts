import type { Raw } from '../../views/jsx/jsx-runtime.ts';

/**
 * On every answer of the dashboard. Scripts and styles come from our own files alone, nobody may frame a page, and no address
 * of ours (the setup link holds a token) is told to another site. `same-origin` and not `no-referrer`: under that browsers
 * send `Origin: null` with our own forms.
 */
export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** A page. It is about somebody's account, so nothing between us and the browser may keep it. */
export function page(content: Raw, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(content.toString(), {
    status,
    headers: {
      ...SECURITY_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

/** Leads on to another page with a GET. `path` is one of ours, never what somebody sent. */
export function redirect(path: `/${string}`, headers: Record<string, string> = {}): Response {
  return new Response(null, {
    status: 302,
    headers: { ...SECURITY_HEADERS, 'cache-control': 'no-store', location: path, ...headers },
  });
}
