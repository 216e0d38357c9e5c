import type { Raw } from '../../views/jsx/jsx-runtime.ts';

/**
 * On every answer of the dashboard. Scripts and styles come from our own files alone, nobody may frame a page, and no address
 * of ours (the setup link holds a token) is told to another site. `same-origin` and not `no-referrer`: under that browsers
 * send `Origin: null` with our own forms.
 */
export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'self'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

type Headers = Record<string, string>;

/** A page, or a piece of one. It is about somebody's account, so nothing between us and the browser may keep it. */
export function page(content: Raw, status = 200, headers: Headers = {}): Response {
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

/** What a script of ours asks for, such as the data of a chart. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { ...SECURITY_HEADERS, 'cache-control': 'no-store' } });
}

/** Where a redirect starts from: a frame, or as much of one. */
interface Place {
  basePath: string;
  /** htmx follows a 302 by itself and would put the whole page into a part of this one; it is told to go there instead. */
  isHtmx: boolean;
}

/** Leads on to another page with a GET. `path` is one of ours, without a slash in front, and never what somebody sent. */
export function redirect({ basePath, isHtmx }: Place, path: string, headers: Headers = {}): Response {
  const location = `${basePath}/${path}`;
  const all = { ...SECURITY_HEADERS, 'cache-control': 'no-store', ...headers };
  return isHtmx
    ? new Response(null, { status: 200, headers: { ...all, 'hx-redirect': location } })
    : new Response(null, { status: 302, headers: { ...all, location } });
}
