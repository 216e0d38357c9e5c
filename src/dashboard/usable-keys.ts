import { type Account, may } from '../accounts/index.ts';
import type { GatewayKeySummary } from '../db/queries/gateway-keys.ts';
import type { DashboardOptions } from './options.ts';

/**
 * The keys a person may ask with on the dashboard, their own first: any that works for admins, their own for members, and none
 * for those who only look.
 */
export async function usableKeys(
  { keys, now }: Pick<DashboardOptions, 'keys' | 'now'>,
  account: Account,
): Promise<GatewayKeySummary[]> {
  if (!may(account, 'make-keys')) return [];
  const isOwn = ({ userId }: GatewayKeySummary) => userId === account.id;
  const isUsable = ({ revokedAt, expiresAt }: GatewayKeySummary) =>
    revokedAt === null && (expiresAt === null || expiresAt > now());
  const listed = (await keys.list(account)).filter(
    (key) => isUsable(key) && (isOwn(key) || may(account, 'change-all-keys')),
  );
  return [...listed.filter(isOwn), ...listed.filter((key) => !isOwn(key))];
}
