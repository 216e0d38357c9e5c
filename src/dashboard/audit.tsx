import { Elysia } from 'elysia';
import { AuditPage, type AuditQuery } from '../../views/pages/audit.tsx';
import { AUDIT_ACTIONS } from '../accounts/index.ts';
import type { AuditFilter } from '../db/queries/audit.ts';
import { createGuard } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page } from './reply.ts';

const DAY_MS = 86_400_000;
const PAGE_SIZE = 50;

/** `/dashboard/audit`: who changed what, for admins. */
export const auditRoutes = ({ audit, accounts, ...options }: DashboardOptions) =>
  new Elysia()
    .use(createGuard({ audit, accounts, ...options }, 'audit'))
    .get('/dashboard/audit', async ({ frame, session, request }) => {
      const { searchParams } = new URL(request.url);
      const read = (name: string) => searchParams.get(name) ?? '';
      const query = { person: read('person'), action: read('action'), from: read('from'), to: read('to') };
      const filter = { ...filterOf(query), before: read('before') || undefined };
      const found = await audit.list(session.account, filter, PAGE_SIZE + 1);
      const entries = found.slice(0, PAGE_SIZE);
      const last = entries.at(-1);
      const address = (before: string) =>
        `dashboard/audit?${new URLSearchParams({ ...query, ...(before && { before }) })}`;
      const props = {
        ...{ entries, query, actions: AUDIT_ACTIONS },
        people: [...(await accounts.names())].map(([id, name]) => ({ id, name })),
        newer: filter.before === undefined ? null : address(''),
        older: found.length > PAGE_SIZE && last ? address(last.id) : null,
      };
      return page(<AuditPage frame={frame} {...props} />);
    });

function filterOf({ person, action, from, to }: AuditQuery): AuditFilter {
  const [since, until] = [Date.parse(from), Date.parse(to)];
  return {
    actorId: person || undefined,
    action: action || undefined,
    since: Number.isNaN(since) ? undefined : since,
    // The last day is meant with all its hours.
    until: Number.isNaN(until) ? undefined : until + DAY_MS,
  };
}
