import type { KeyRow } from '../../views/pages/key-parts.tsx';
import { KEY_SORTS, type KeyQuery, type KeySort } from '../../views/pages/keys.tsx';
import { type Account, may } from '../accounts/index.ts';
import type { GatewayKeySummary } from '../db/queries/gateway-keys.ts';
import { NO_USAGE } from '../reports/key-usage.ts';
import type { DashboardOptions } from './options.ts';

type RowOptions = Pick<DashboardOptions, 'keyUsage' | 'accounts'>;

/** Keys with what they have used and whose they are, as far as whoever looks may know. */
export async function keyRows(
  { keyUsage, accounts }: RowOptions,
  account: Account,
  keys: readonly GatewayKeySummary[],
): Promise<KeyRow[]> {
  const usage = await keyUsage.byKey();
  const names = may(account, 'see-all-keys') ? await accounts.names() : new Map([[account.id, account.name]]);
  return keys.map((key) => ({
    ...key,
    ...(usage.get(key.id) ?? NO_USAGE),
    ownerName: key.userId === null ? null : (names.get(key.userId) ?? null),
  }));
}

export function readKeyQuery(url: string): KeyQuery {
  const { searchParams } = new URL(url);
  const sort = searchParams.get('sort') ?? '-made';
  return {
    search: (searchParams.get('search') ?? '').trim().slice(0, 100),
    show: searchParams.get('show') === 'all' ? 'all' : 'working',
    sort: KEY_SORTS.find((name) => name === sort.replace('-', '')) ?? 'made',
    isDescending: sort.startsWith('-'),
  };
}

/** The keys a question is about, in its order. */
export function selectKeys(rows: readonly KeyRow[], query: KeyQuery, now: number): KeyRow[] {
  const words = query.search.toLowerCase();
  const isShown = (row: KeyRow): boolean => {
    const isWorking = row.revokedAt === null && (row.expiresAt === null || row.expiresAt > now);
    if (query.show === 'working' && !isWorking) return false;
    return [row.name, row.ownerName ?? '', row.prefix].some((text) => text.toLowerCase().includes(words));
  };
  const direction = query.isDescending ? -1 : 1;
  return rows.filter(isShown).sort((a, b) => direction * compare(a, b, query.sort));
}

function compare(a: KeyRow, b: KeyRow, sort: KeySort): number {
  switch (sort) {
    case 'name':
      return a.name.localeCompare(b.name);
    case 'owner':
      return (a.ownerName ?? '').localeCompare(b.ownerName ?? '');
    case 'made':
      return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
    case 'used':
      return (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0);
    case 'today':
      return a.dayNanoUsd - b.dayNanoUsd;
    case 'month':
      return a.monthNanoUsd - b.monthNanoUsd;
  }
}
