import { describeEvent, type RegistryEvent } from '../../registry/events.ts';
import type { Db } from '../db/client.ts';
import {
  type ChangelogFilter,
  findRecentMessages,
  insertRegistryChanges,
  listRegistryChanges,
} from '../db/queries/registry-changelog.ts';
import type { RegistryChange } from '../db/schema.ts';

const WEEK_MS = 7 * 86_400_000;
const PAGE_ROWS = 100;
const MAX_PAGE_ROWS = 500;

/** Told by every run as long as they are so: once a week is enough. What comes of the calendar is found by several. */
const REPEATED: ReadonlySet<RegistryEvent['type']> = new Set([
  'price_held',
  'price_quarantined',
  'price_pinned',
  'row_quarantined',
  'row_error',
  'page_warning',
  'price_took_effect',
  'promo_ended',
  'model_retired',
  'model_redirected',
]);

export type ChangeSource = RegistryChange['source'];

export interface ChangelogQuery extends ChangelogFilter {
  limit?: number | undefined;
}

export interface ChangelogPage {
  changes: RegistryChange[];
  /** Goes into `before` for the next page; null on the last one. */
  next: string | null;
}

/** Writes down what an update found. A row for each event, but for what an earlier run has said in the same words. */
export async function recordEvents(
  db: Db,
  events: readonly RegistryEvent[],
  { source, at }: { source: ChangeSource; at: number },
): Promise<void> {
  const rows = events.map((event) => toRow(event, { source, at }));
  const repeated = events.flatMap((event) => (REPEATED.has(event.type) ? describeEvent(event) : []));
  const known = await findRecentMessages(db, repeated, at - WEEK_MS);
  const isNew = (_: unknown, index: number): boolean => {
    const event = events[index];
    return event !== undefined && !(REPEATED.has(event.type) && known.has(describeEvent(event)));
  };
  await insertRegistryChanges(db, rows.filter(isNew));
}

/** A page of the changelog, the newest first. */
export async function readChangelog(db: Db, { limit = PAGE_ROWS, ...filter }: ChangelogQuery): Promise<ChangelogPage> {
  const size = Math.min(Math.max(limit, 1), MAX_PAGE_ROWS);
  const rows = await listRegistryChanges(db, filter, size + 1);
  const changes = rows.slice(0, size);
  return { changes, next: rows.length > size ? (changes.at(-1)?.id ?? null) : null };
}

function toRow(event: RegistryEvent, { source, at }: { source: ChangeSource; at: number }): RegistryChange {
  const { type, provider, provenance } = event;
  return {
    id: Bun.randomUUIDv7(),
    at,
    source,
    type,
    provider,
    model: 'model' in event ? event.model : null,
    tier: 'tier' in event ? event.tier : null,
    promptOver: 'promptOver' in event ? event.promptOver : null,
    field: 'field' in event ? event.field : null,
    oldValue: 'old' in event ? event.old : null,
    newValue: 'new' in event ? event.new : 'to' in event ? event.to : null,
    ratio: 'ratio' in event ? event.ratio : null,
    effectiveFrom: 'from' in event ? event.from : null,
    message: describeEvent(event),
    url: provenance?.url ?? null,
    fetchedAt: provenance?.fetchedAt ?? null,
    sha256: provenance?.sha256 ?? null,
    parser: provenance?.parser ?? null,
  };
}
