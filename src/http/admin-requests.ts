import { Elysia } from 'elysia';
import type { RequestReport } from '../../views/pages/request-report.ts';
import { GatewayError } from '../errors.ts';
import { parseCursor, renderCursor } from '../reports/cursor.ts';
import { renderDecision } from '../reports/decision.ts';
import { EXPORT_TYPES, type ExportFormat, renderRequest } from '../reports/export-requests.ts';
import { parseRequestFilter } from '../reports/request-filter.ts';
import type { RequestReports } from '../reports/requests.ts';
import { answer, authenticate, type Door, json, refuse } from './api.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

interface RequestOptions extends Door {
  requests: RequestReports;
}

/**
 * `/api/requests`: the ledger, with the fields and filters of the dashboard's list. Members are told of their own requests.
 * A page looks at a limited number of rows, so it may hold few and still have an `older` to go on with.
 */
export const requestRoutes = ({ requests, ...door }: RequestOptions) =>
  new Elysia({ prefix: '/api/requests' })
    .get('/', ({ request }) =>
      answer(async () => {
        const { account } = await authenticate(request, door);
        const params = new URL(request.url).searchParams;
        const cursor = parseCursor(params.get('before'));
        const { rows, older } = await requests.list(account, parseRequestFilter(params), {
          limit: readLimit(params.get('limit')),
          from: cursor ? { cursor, direction: 'older' } : undefined,
        });
        return json({ requests: rows.map(renderRequest), older: older && renderCursor(older) });
      }),
    )
    .get('/export', ({ request }) =>
      answer(async () => {
        const { account } = await authenticate(request, door);
        const params = new URL(request.url).searchParams;
        const format = readFormat(params.get('format'));
        return exportResponse(await requests.export(account, parseRequestFilter(params), format), format);
      }),
    )
    .get('/:id', ({ request, params }) =>
      answer(async () => {
        const { account } = await authenticate(request, door);
        const report = await requests.find(account, params.id);
        return report ? json(renderReport(report)) : refuse(new GatewayError('not_found', 'There is no such request.'));
      }),
    );

/** A file to be saved. */
export function exportResponse(stream: ReadableStream<Uint8Array>, format: ExportFormat): Response {
  return new Response(stream, {
    headers: {
      'content-type': EXPORT_TYPES[format],
      'content-disposition': `attachment; filename="requests.${format}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

/** Throws `invalid_request`. */
export function readFormat(text: string | null): ExportFormat {
  if (text === 'csv' || text === 'json') return text;
  throw new GatewayError('invalid_request', 'A format is csv or json.', { param: 'format' });
}

function readLimit(text: string | null): number {
  if (text === null || text === '') return DEFAULT_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new GatewayError('invalid_request', `A limit is a whole number from 1 to ${MAX_LIMIT}.`, { param: 'limit' });
}

function renderReport({ request, details, bodies, ...rest }: RequestReport): object {
  return {
    ...renderRequest(request),
    ...rest,
    ...{
      decision: details?.decision ? renderDecision(details.decision) : null,
      laps: details?.laps ?? null,
      headers: details?.headers ?? null,
    },
    bodies: bodies.state === 'kept' ? bodies.said : null,
  };
}
