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
  { name: 'keys', path: () => '/dashboard/keys' },
  { name: 'playground', path: () => '/dashboard/playground' },
  { name: 'providers', path: () => '/dashboard/providers' },
  { name: 'routing', path: () => '/dashboard/routing' },
  { name: 'replay', path: () => '/dashboard/routing/replay' },
  { name: 'not-found', path: () => '/dashboard/no-such-page' },
];

/** The pages of somebody who is not signed in. */
export const DOORS: readonly VisitedPage[] = [{ name: 'sign-in', path: () => '/sign-in' }];
