import { Elysia } from 'elysia';
import { z } from 'zod';
import { type Account, type AuditLog, demand } from '../accounts/index.ts';
import type { Snapshot } from '../db/snapshot.ts';
import { GatewayError } from '../errors.ts';
import type { ClientOf } from '../lib/client-of.ts';
import type { Settings } from '../settings/index.ts';
import { answer, authenticate, type Door, json, readBody, refuseOtherSites } from './api.ts';

type Server = Parameters<ClientOf>[1];

const MAX_ENTRIES = 200;
const changeBody = z.record(z.string(), z.unknown());

interface OperationsOptions extends Door {
  clientOf: ClientOf;
  audit: AuditLog;
  settings: Settings;
  status: () => Promise<object>;
  takeSnapshot: () => Promise<Snapshot>;
}

/** `/api/audit`, `/api/settings`, `/api/status`, `/api/backup`. */
export const operationsRoutes = (options: OperationsOptions) => {
  const { audit, settings, status, takeSnapshot, sessions, sessionCookie, clientOf } = options;
  const whoIs = async (request: Request, server: Server): Promise<Account> =>
    (await authenticate(request, { sessions, sessionCookie }, clientOf(request, server))).account;

  return new Elysia({ prefix: '/api' })
    .onBeforeHandle(refuseOtherSites(clientOf))
    .get('/audit', ({ request, server }) =>
      answer(async () => {
        const account = await whoIs(request, server);
        const { limit, ...filter } = auditQuery(new URL(request.url).searchParams);
        const entries = await audit.list(account, filter, limit);
        return json({ entries, next: entries.length === limit ? (entries.at(-1)?.id ?? null) : null });
      }),
    )
    .get('/settings', ({ request, server }) =>
      answer(async () => {
        demand(await whoIs(request, server), 'change-settings');
        return json({ settings: settings.list() });
      }),
    )
    .patch(
      '/settings',
      ({ request, server }) =>
        answer(async () => {
          const account = await whoIs(request, server);
          return json({ settings: await settings.change(account, await readBody(request, changeBody)) });
        }),
      { parse: 'none' },
    )
    .get('/status', ({ request, server }) =>
      answer(async () => {
        demand(await whoIs(request, server), 'see-status');
        return json(await status());
      }),
    )
    .post(
      '/backup',
      ({ request, server }) =>
        answer(async () => {
          const account = await whoIs(request, server);
          demand(account, 'take-backups');
          const { bytes, stream } = await takeSnapshot();
          const subject = { kind: 'gateway', id: null, name: null } as const;
          audit.write({ actor: account, action: 'backup.download', subject, details: { bytes } });
          server?.timeout(request, 0);
          const headers = { 'content-type': 'application/vnd.sqlite3', 'content-length': String(bytes) };
          return new Response(stream, { headers: { ...headers, 'cache-control': 'no-store' } });
        }),
      { parse: 'none' },
    );
};

/** `person`, `action`, `since`, `until` (milliseconds), `before` (the id of the last entry seen) and `limit`. */
function auditQuery(query: URLSearchParams) {
  const time = (name: string): number | undefined => {
    const given = query.get(name);
    if (given === null) return undefined;
    const at = Number(given);
    if (given.trim() !== '' && Number.isFinite(at)) return at;
    throw new GatewayError('invalid_request', 'A time is in milliseconds since 1970.', { param: name });
  };
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ENTRIES) {
    throw new GatewayError('invalid_request', `At most ${MAX_ENTRIES} entries are told at once.`, { param: 'limit' });
  }
  return {
    ...{ actorId: query.get('person') ?? undefined, action: query.get('action') ?? undefined },
    ...{ since: time('since'), until: time('until'), before: query.get('before') ?? undefined, limit },
  };
}
