import { Elysia } from 'elysia';
import { z } from 'zod';
import {
  type Accounts,
  type AuditLog,
  demand,
  isSameOrigin,
  type Keys,
  type Session,
  type SessionCookie,
  type Sessions,
  type UserLimits,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { Secret } from '../lib/secret.ts';
import type { Vault, Vendor } from '../vault/index.ts';
import { readJson } from './read-json.ts';

const MAX_BODY_BYTES = 64 * 1024;

export const text = (what: string) => z.string(`This request needs ${what}.`);

const setupBody = z.object({
  token: text('the setup token'),
  email: text('an e-mail address'),
  name: z.string('A name is text.').optional(),
  password: text('a password'),
});
const signInBody = z.object({ email: text('an e-mail address'), password: text('a password') });
const keyBody = z.looseObject({ name: text('a name') });
const changeBody = z.record(z.string(), z.unknown());
const providerKeyBody = z.object({
  provider: text('a provider'),
  name: text('a name'),
  key: text('the key').transform((key) => new Secret(key)),
});

/** What is asked of the server a request came to. */
export type AddressedServer = { requestIP(request: Request): { address: string } | null } | null;

export type Door = Pick<AdminOptions, 'sessions' | 'sessionCookie'>;

interface AdminOptions {
  sessionCookie: SessionCookie;
  accounts: Accounts;
  sessions: Sessions;
  keys: Keys;
  userLimits: UserLimits;
  audit: AuditLog;
  vault: Vault;
  vendors: () => readonly Vendor[];
}

/**
 * `/api`: what the dashboard does, for the operator's programs. A session token from `POST /api/session` goes into
 * `Authorization: Bearer`; the dashboard's cookie serves as well. Refusals are `{ error: { code, message, param } }`, times are
 * milliseconds since 1970, and no answer holds a secret but that to `POST /api/keys`, once.
 */
export const adminRoutes = (options: AdminOptions) =>
  new Elysia({ prefix: '/api' })
    .use(doorRoutes(options))
    .use(keyRoutes(options))
    .use(userLimitRoutes(options))
    .use(providerKeyRoutes(options));

/** How a session begins and ends. */
const doorRoutes = ({ accounts, sessions, sessionCookie }: AdminOptions) =>
  new Elysia()
    .post(
      '/setup',
      ({ request, server }) =>
        answer(async () => {
          const address = server?.requestIP(request)?.address;
          const account = await accounts.setup({ ...(await readBody(request, setupBody)), address });
          return json({ token: await sessions.start(account.id) }, 201);
        }),
      { parse: 'none' },
    )
    .post(
      '/session',
      ({ request, server }) =>
        answer(async () => {
          const address = server?.requestIP(request)?.address ?? 'unknown';
          const account = await accounts.signIn({ ...(await readBody(request, signInBody)), address });
          return json({ token: await sessions.start(account.id) }, 201);
        }),
      { parse: 'none' },
    )
    .delete('/session', ({ request }) =>
      answer(async () => {
        await sessions.end(await authenticate(request, { sessions, sessionCookie }));
        return done({ 'set-cookie': sessionCookie.renderCleared(request) });
      }),
    );

const keyRoutes = ({ keys, sessions, sessionCookie }: AdminOptions) =>
  new Elysia()
    .get('/keys', ({ request, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, server);
        return json({ keys: await keys.list(account) });
      }),
    )
    .post(
      '/keys',
      ({ request, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, server);
          const { key, row } = await keys.mint(account, await readBody(request, keyBody));
          return json({ ...row, key }, 201);
        }),
      { parse: 'none' },
    )
    .patch(
      '/keys/:id',
      ({ request, params, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, server);
          const row = await keys.change(account, params.id, await readBody(request, changeBody));
          return row ? json(row) : refuse(noSuchKey());
        }),
      { parse: 'none' },
    )
    .delete('/keys/:id', ({ request, params, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, server);
        return (await keys.revoke(account, params.id)) ? done() : refuse(noSuchKey());
      }),
    );

/** What a person may use with all their keys together. */
const userLimitRoutes = ({ sessions, sessionCookie, userLimits }: AdminOptions) =>
  new Elysia()
    .get('/users/:id/limits', ({ request, params, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, server);
        const limits = await userLimits.read(account, params.id);
        return limits ? json({ limits }) : refuse(noSuchPerson());
      }),
    )
    .patch(
      '/users/:id/limits',
      ({ request, params, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, server);
          const limits = await userLimits.change(account, params.id, await readBody(request, changeBody));
          return limits ? json({ limits }) : refuse(noSuchPerson());
        }),
      { parse: 'none' },
    );

const providerKeyRoutes = ({ sessions, vault, vendors, sessionCookie, audit }: AdminOptions) =>
  new Elysia()
    .get('/provider-keys', ({ request, server }) =>
      answer(async () => {
        await authenticate(request, { sessions, sessionCookie }, server);
        return json({ providerKeys: vault.list() });
      }),
    )
    .post(
      '/provider-keys',
      ({ request, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, server);
          demand(account, 'change-provider-keys');
          const body = await readBody(request, providerKeyBody);
          checkProvider(body.provider, vendors());
          const added = await vault.add(body);
          audit.providerKey(account, 'add', added);
          return json(added, 201);
        }),
      { parse: 'none' },
    )
    .delete('/provider-keys/:id', ({ request, params, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, server);
        demand(account, 'change-provider-keys');
        const key = vault.list().find(({ id }) => id === params.id);
        if (!key || !(await vault.revoke(params.id))) return refuse(noSuchKey());
        audit.providerKey(account, 'revoke', key);
        return done();
      }),
    );

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
 * Before the body is read. The origin is checked even where a token is sent: no page of another site has any business here.
 */
export async function authenticate(
  request: Request,
  { sessions, sessionCookie }: Door,
  server: AddressedServer = null,
): Promise<Session> {
  checkOrigin(request);
  const token = bearerToken(request) ?? sessionCookie.read(request);
  if (!token) {
    throw new GatewayError(
      'missing_key',
      'Sign in with POST /api/session and send its token as `Authorization: Bearer`.',
    );
  }
  const session = await sessions.read(token);
  if (!session) throw new GatewayError('invalid_key', 'This session has ended. Sign in again.');
  session.account.address = server?.requestIP(request)?.address;
  return session;
}

function checkOrigin(request: Request): void {
  if (request.method === 'GET' || isSameOrigin(request)) return;
  throw new GatewayError('forbidden', 'This request came from the page of another site.');
}

function bearerToken(request: Request): string | null {
  return /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

export async function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  checkOrigin(request);
  const parsed = schema.safeParse(await readJson(request, MAX_BODY_BYTES));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = z.core.toDotPath(issue?.path ?? []);
  const message =
    param === '' ? 'The body is not a JSON object.' : (issue?.message ?? 'This request is not understood.');
  throw new GatewayError('invalid_request', message, param === '' ? {} : { param });
}

function checkProvider(provider: string, vendors: readonly Vendor[]): void {
  if (vendors.some((vendor) => vendor.id === provider)) return;
  const known = vendors.map((vendor) => vendor.id).join(', ');
  throw new GatewayError('invalid_request', `There is no such provider; there are ${known}.`, { param: 'provider' });
}

function noSuchKey(): GatewayError {
  return new GatewayError('not_found', 'There is no such key.');
}

function noSuchPerson(): GatewayError {
  return new GatewayError('not_found', 'There is no such person.');
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
