import { Elysia } from 'elysia';
import type { PlainFrame } from '../../views/frame.ts';
import { RefusalPage } from '../../views/pages/refusal.tsx';
import { RequestPage } from '../../views/pages/request.tsx';
import {
  type ActiveFilter,
  DEFAULT_RANGE,
  type FilterChoices,
  RANGES,
  RequestsPage,
} from '../../views/pages/requests.tsx';
import type { RequestFilter } from '../db/queries/requests.ts';
import { parseCursor, renderCursor } from '../reports/cursor.ts';
import { EXPORT_TYPES } from '../reports/export-requests.ts';
import { FILTER_FIELDS, parseRequestFilter } from '../reports/request-filter.ts';
import type { RequestPage as ListPage, PageWish } from '../reports/requests.ts';
import { attempt, formError } from './form.ts';
import { createGuard } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, SECURITY_HEADERS } from './reply.ts';

const PATH = 'dashboard/requests';
const SHOWN = 50;
const HOUR_MS = 3_600_000;
const RANGE_MS: Record<(typeof RANGES)[number], number | null> = {
  ...{ '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS, all: null },
};
const NOTHING: ListPage = { rows: [], newer: null, older: null, lookedBackTo: null };

/** `/dashboard/requests`: the ledger, and each request of it. */
export const requestsRoutes = (options: DashboardOptions) => {
  const { requests, now } = options;

  return new Elysia()
    .use(createGuard(options, 'requests'))
    .get('/dashboard/requests', async ({ frame, session, request }) => {
      const { account } = session;
      const params = new URL(request.url).searchParams;
      const filter = await attempt(readFilter(params, now()));
      const [choices, found] = await Promise.all([
        requests.choices(account),
        filter.value ? requests.list(account, filter.value, wishOf(params)) : NOTHING,
      ]);
      const at = (name: string, cursor: ListPage['older']) =>
        cursor && addressOf(params, { [name]: renderCursor(cursor) });
      const props = {
        ...{ frame, values: valuesOf(params), choices, active: activeFilters(frame, params, choices) },
        ...{
          requests: found.rows,
          lookedBackTo: found.lookedBackTo,
          error: filter.refusal && formError(frame, filter.refusal),
        },
        ...{ newer: at('after', found.newer), older: at('before', found.older) },
        exports: { csv: exportOf(params, 'csv'), json: exportOf(params, 'json') },
      };
      return page(<RequestsPage {...props} />, filter.refusal?.status ?? 200);
    })
    .get('/dashboard/requests/export', async ({ session, request }) => {
      const params = new URL(request.url).searchParams;
      const format = params.get('format') === 'json' ? 'json' : 'csv';
      const filter = await attempt(readFilter(params, now()));
      if (filter.refusal) return new Response(filter.refusal.message, { status: 400, headers: SECURITY_HEADERS });
      return new Response(await requests.export(session.account, filter.value, format), {
        headers: {
          ...SECURITY_HEADERS,
          ...{ 'content-type': EXPORT_TYPES[format], 'cache-control': 'no-store' },
          'content-disposition': `attachment; filename="requests.${format}"`,
        },
      });
    })
    .get('/dashboard/requests/:id', async ({ frame, session, params }) => {
      const report = await requests.find(session.account, params.id);
      return report ? page(<RequestPage frame={frame} report={report} />) : missing(frame);
    });

  function missing(frame: Parameters<typeof RefusalPage>[0]['frame']): Response {
    const { notFound, noSuchPage } = frame.t.doors;
    return page(<RefusalPage frame={frame} title={notFound} message={noSuchPage} />, 404);
  }
};

/** The filter of an address. Where it names no time, the range does: without one, the last days. Throws `invalid_request`. */
async function readFilter(params: URLSearchParams, now: number): Promise<RequestFilter> {
  const filter = parseRequestFilter(params);
  // Whoever has the whole id of a request wants it, however old it is.
  if (filter.since !== undefined || filter.until !== undefined || filter.id?.length === 36) return filter;
  const ms = RANGE_MS[rangeOf(params)];
  return ms === null ? filter : { ...filter, since: now - ms };
}

function rangeOf(params: URLSearchParams): (typeof RANGES)[number] {
  return RANGES.find((range) => range === params.get('range')) ?? DEFAULT_RANGE;
}

function wishOf(params: URLSearchParams): PageWish {
  const before = parseCursor(params.get('before'));
  if (before) return { limit: SHOWN, from: { cursor: before, direction: 'older' } };
  const after = parseCursor(params.get('after'));
  return { limit: SHOWN, from: after ? { cursor: after, direction: 'newer' } : undefined };
}

/** What stands in the form. */
function valuesOf(params: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = { range: rangeOf(params) };
  for (const name of FILTER_FIELDS) values[name] = params.get(name) ?? '';
  if (params.get('before') ?? params.get('after')) values.page = 'further';
  return values;
}

function given(params: URLSearchParams): [name: string, value: string][] {
  return ['range', ...FILTER_FIELDS].flatMap((name): [string, string][] => {
    const value = params.get(name)?.trim() ?? '';
    const isDefault = value === '' || (name === 'range' && value === DEFAULT_RANGE);
    return isDefault ? [] : [[name, value]];
  });
}

function addressOf(params: URLSearchParams, more: Record<string, string> = {}, without?: string): string {
  const kept = given(params).filter(([name]) => name !== without);
  const query = new URLSearchParams([...kept, ...Object.entries(more)]).toString();
  return query === '' ? PATH : `${PATH}?${query}`;
}

function exportOf(params: URLSearchParams, format: 'csv' | 'json'): string {
  return addressOf(params, { format }).replace(PATH, `${PATH}/export`);
}

/** The filters that are on, in words. */
function activeFilters(frame: PlainFrame, params: URLSearchParams, choices: FilterChoices): ActiveFilter[] {
  const t = frame.t.requests;
  const labels: Record<string, string> = t.fields;
  const words: Record<string, Record<string, string>> = {
    ...{ range: t.ranges, outcome: t.outcomes, complexity: frame.t.overview.complexities },
    ...{ cache: frame.t.overview.cacheStates, unpriced: { yes: t.onlyUnpriced } },
    key: Object.fromEntries(choices.keys.map(({ id, name }) => [id, name])),
    user: Object.fromEntries(choices.users.map(({ id, name }) => [id, name])),
  };
  return given(params).map(([name, value]) => ({
    name: labels[name] ?? name,
    value: (Object.hasOwn(words[name] ?? {}, value) ? words[name]?.[value] : undefined) ?? value,
    hrefWithout: addressOf(params, {}, name),
  }));
}
