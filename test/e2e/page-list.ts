import { listGatewayKeys } from '../../src/db/queries/gateway-keys.ts';
import type { TestGateway } from '../gateway.ts';

export interface VisitedPage {
  /** Of its screenshots. */
  name: string;
  /** Asked anew for every visit, once there is something to show. */
  path: (gateway: TestGateway) => string | Promise<string>;
}

/** Every page that `pages.test.ts` looks at: in both languages and themes, at a desk and on a phone. A new page adds a line. */
export const VISITED_PAGES: readonly VisitedPage[] = [
  { name: 'overview', path: () => '/dashboard' },
  { name: 'requests', path: () => '/dashboard/requests' },
  { name: 'requests-filtered', path: () => '/dashboard/requests?range=24h&cache=hit&provider=nobody' },
  { name: 'request', path: async (gateway) => `/dashboard/requests/${(await gateway.lastRequest())?.id}` },
  { name: 'request-shadow', path: async (gateway) => `/dashboard/requests/${await comparisonOf(gateway)}` },
  { name: 'keys', path: () => '/dashboard/keys' },
  {
    name: 'key',
    path: async ({ services }) => `/dashboard/keys/${(await listGatewayKeys(services.db, null))[0]?.id}`,
  },
  { name: 'users', path: () => '/dashboard/users' },
  { name: 'user', path: async (gateway) => `/dashboard/users/${await gateway.person('member')}` },
  { name: 'account', path: () => '/dashboard/account' },
  { name: 'audit', path: () => '/dashboard/audit' },
  { name: 'settings', path: () => '/dashboard/settings' },
  { name: 'status', path: () => '/dashboard/status' },
  { name: 'providers', path: () => '/dashboard/providers' },
  { name: 'provider-new', path: () => '/dashboard/providers/new' },
  { name: 'models', path: () => '/dashboard/models' },
  { name: 'model', path: () => '/dashboard/models/openai/gpt-5.6-sol' },
  { name: 'changelog', path: () => '/dashboard/changelog' },
  { name: 'playground', path: () => '/dashboard/playground' },
  { name: 'routing', path: () => '/dashboard/routing' },
  { name: 'replay', path: () => '/dashboard/routing/replay' },
  { name: 'not-found', path: () => '/dashboard/no-such-page' },
];

/** The pages of somebody who is not signed in. */
export const DOORS: readonly VisitedPage[] = [
  { name: 'sign-in', path: () => '/sign-in' },
  { name: 'invite', path: invitationPath },
];

async function invitationPath({ services, person }: TestGateway): Promise<string> {
  const admin = { id: await person('admin'), email: 'admin@example.com', name: 'Ada', role: 'admin' } as const;
  const { token } = await services.links.invite(admin, { role: 'member' });
  return `/invite?token=${token}`;
}

/** A request of the gateway's own, for a comparison. */
async function comparisonOf(gateway: TestGateway): Promise<string> {
  return (await gateway.allRequests()).find(({ endpoint }) => endpoint === 'shadow/answer')?.id ?? '';
}
