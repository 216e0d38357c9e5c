import { z } from 'zod';
import { isSameOrigin, type Session, type SessionCookie, type Sessions } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { ClientOf } from '../lib/client-of.ts';
import { readJson } from './read-json.ts';

// What every route under /api has in common.

const MAX_BODY_BYTES = 64 * 1024;

/** What is needed to know who asks. */
export interface Door {
  sessions: Sessions;
  sessionCookie: SessionCookie;
}

/** Turns a refusal into an answer. Anything else that is thrown is a bug and goes on to whoever logs those. */
export async function answer(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatewayError) return refuse(error);
    throw error;
  }
}

/**
 * Stands before every route: no page of another site has any business here, even where it sends a token. No body is read
 * before that.
 */
export function refuseOtherSites(clientOf: ClientOf) {
  return ({ request, server }: { request: Request; server: Parameters<ClientOf>[1] }): Response | undefined => {
    if (request.method === 'GET' || isSameOrigin(request, clientOf(request, server))) return undefined;
    return refuse(new GatewayError('forbidden', 'This request came from the page of another site.'));
  };
}

export async function authenticate(request: Request, { sessions, sessionCookie }: Door): Promise<Session> {
  const token = bearerToken(request) ?? sessionCookie.read(request);
  if (!token) {
    throw new GatewayError(
      'missing_key',
      'Sign in with POST /api/session and send its token as `Authorization: Bearer`.',
    );
  }
  const session = await sessions.read(token);
  if (!session) throw new GatewayError('invalid_key', 'This session has ended. Sign in again.');
  return session;
}

function bearerToken(request: Request): string | null {
  return /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

export async function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await readJson(request, MAX_BODY_BYTES));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = z.core.toDotPath(issue?.path ?? []);
  const message =
    param === '' ? 'The body is not a JSON object.' : (issue?.message ?? 'This request is not understood.');
  throw new GatewayError('invalid_request', message, param === '' ? {} : { param });
}

export function refuse({ status, code, message, param, retryAfterSeconds }: GatewayError): Response {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) };
  return json({ error: { code, message, param: param ?? null } }, status, headers);
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

export function json(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...HEADERS, ...headers } });
}

export function done(headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 204, headers: { ...HEADERS, ...headers } });
}
