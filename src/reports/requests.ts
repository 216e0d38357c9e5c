import type { KeyObject } from 'node:crypto';
import type { RequestReport } from '../../views/pages/request-report.ts';
import type { FilterChoices } from '../../views/pages/requests.tsx';
import type { Db } from '../db/client.ts';
import {
  findRequest,
  findRequestBodies,
  findRequestDetails,
  listAttempts,
  listPriceRows,
} from '../db/queries/ledger.ts';
import { listRecosts } from '../db/queries/recosts.ts';
import type { RequestFilter } from '../db/queries/requests.ts';
import { type Cursor, searchRequests } from '../db/queries/search-requests.ts';
import { countByModel } from '../db/queries/spend.ts';
import { listUserNames } from '../db/queries/users.ts';
import type { Request } from '../db/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { openBodies } from '../pipeline/ledger/sealed-bodies.ts';
import { readDecision } from './decision.ts';
import { type ExportFormat, exportRequests } from './export-requests.ts';
import { type Asker, type Scope, scopeOf } from './scope.ts';

const DAY_MS = 86_400_000;
/** A page looks at no more rows than this, whatever is asked. */
const LOOKED_AT = 5000;

export interface ListedRequest extends Request {
  /** The name of its key; null when the key is not known any more. */
  keyName: string | null;
}

export interface PageWish {
  limit: number;
  /** Where the page begins, and which way it goes; undefined = with the newest. */
  from?: { cursor: Cursor; direction: 'older' | 'newer' } | undefined;
}

export interface RequestPage {
  /** The newest first. */
  rows: ListedRequest[];
  newer: Cursor | null;
  older: Cursor | null;
  /** Fewer were found than a page holds, and there are older ones that were not looked at: since when. */
  lookedBackTo: number | null;
}

interface RequestReportsOptions {
  db: Db;
  now: Clock;
  /** What prompts and answers are sealed with. */
  bodyKey: KeyObject;
}

export type RequestReports = ReturnType<typeof createRequestReports>;

/** The requests of the ledger for people and their programs: all of them, or to members their own. */
export function createRequestReports({ db, now, bodyKey }: RequestReportsOptions) {
  async function list(asker: Asker, wish: RequestFilter, { limit, from }: PageWish): Promise<RequestPage> {
    const scope = await scopeOf(db, asker);
    const filter = within(scope, wish);
    const direction = from?.direction ?? 'older';
    const found = await searchRequests(db, filter, { limit, from: from?.cursor, direction, most: LOOKED_AT });
    const rows = found.rows.map((row) => ({ ...row, keyName: scope.keyNames.get(row.keyId) ?? null }));
    if (direction === 'newer') {
      rows.reverse();
      return { rows, newer: found.next, older: cursorOf(rows.at(-1)), lookedBackTo: null };
    }
    const isPartial = rows.length < limit && found.next !== null;
    return {
      rows,
      newer: from ? cursorOf(rows[0]) : null,
      older: found.next,
      lookedBackTo: isPartial ? (found.next?.startedAt ?? null) : null,
    };
  }

  async function find(asker: Asker, id: string): Promise<RequestReport | null> {
    const [scope, request] = await Promise.all([scopeOf(db, asker), findRequest(db, id)]);
    if (!request || !isIn(scope, request)) return null;
    const priceIds = [request.priceId, request.baselinePriceId].filter((priceId) => priceId !== null);
    const [attempts, details, prices, corrections, users, bodies] = await Promise.all([
      listAttempts(db, id),
      findRequestDetails(db, id),
      listPriceRows(db, priceIds),
      listRecosts(db, id),
      listUserNames(db),
      bodiesOf(asker, request),
    ]);
    const priceOf = (priceId: string | null) => prices.find((price) => price.id === priceId) ?? null;
    return {
      request,
      keyName: scope.keyNames.get(request.keyId) ?? null,
      userName: request.userId === null ? null : (users.get(request.userId) ?? null),
      attempts,
      details: details
        ? { laps: details.laps, headers: details.headers, decision: readDecision(details.decision) }
        : null,
      price: priceOf(request.priceId),
      baselinePrice: priceOf(request.baselinePriceId),
      recosts: corrections,
      bodies,
    };
  }

  async function bodiesOf(asker: Asker, request: Request): Promise<RequestReport['bodies']> {
    const row = await findRequestBodies(db, request.id);
    if (!row) return { state: 'none' };
    if (asker.role !== 'admin' && asker.id !== request.userId) return { state: 'hidden' };
    return await openBodies(bodyKey, row).then(
      (said) => ({ state: 'kept' as const, said }),
      () => ({ state: 'unreadable' as const }),
    );
  }

  return {
    list,
    find,
    /** All requests of a filter as a file. */
    async export(asker: Asker, filter: RequestFilter, format: ExportFormat): Promise<ReadableStream<Uint8Array>> {
      return exportRequests(db, within(await scopeOf(db, asker), filter), format);
    },
    async choices(asker: Asker): Promise<FilterChoices> {
      const { keyIds, keyNames } = await scopeOf(db, asker);
      const used = await countByModel(db, { span: 'day', since: now() - 30 * DAY_MS, keyIds });
      const users = keyIds === undefined ? await listUserNames(db) : new Map<string, string>();
      const named = (names: Map<string, string>) => [...names].map(([id, name]) => ({ id, name }));
      const unique = (names: (string | null)[]) => [...new Set(names.filter((name) => name !== null))].sort();
      return {
        ...{ keys: named(keyNames), users: named(users) },
        models: unique(used.map(({ model }) => model)),
        providers: unique(used.map(({ provider }) => provider)),
      };
    },
  };
}

/** Members see their own, whatever they ask for. */
function within({ userId }: Scope, filter: RequestFilter): RequestFilter {
  return userId === undefined ? filter : { ...filter, userId };
}

function isIn({ userId }: Scope, request: Request): boolean {
  return userId === undefined || request.userId === userId;
}

function cursorOf(row: Request | undefined): Cursor | null {
  return row ? { startedAt: row.startedAt, id: row.id } : null;
}
