import { Elysia } from 'elysia';
import { assetRoutes } from './assets.ts';
import { keysRoutes } from './keys.tsx';
import { liveRoutes } from './live-routes.ts';
import { missingRoutes } from './missing.tsx';
import type { DashboardOptions } from './options.ts';
import { overviewRoutes } from './overview.tsx';
import { playgroundRoutes } from './playground.tsx';
import { preferenceRoutes } from './preferences.ts';
import { ownServersRoutes, providersRoutes } from './providers.tsx';
import { replayRoutes } from './replay.tsx';
import { requestsRoutes } from './requests.tsx';
import { routingRoutes } from './routing.tsx';
import { signInRoutes, signOutRoutes } from './session.tsx';
import { setupRoutes } from './setup.tsx';

export { createLive } from './live.ts';
export type { DashboardOptions } from './options.ts';
export type { KeySpend, LatestRequest, Overview, Totals } from './overview-data.ts';
export { createRoutingDesk } from './routing-desk.ts';

/** The only routes here that somebody without a session gets more from than the way to the sign-in page. */
export const PUBLIC_PATHS = ['/', '/setup', '/sign-in', '/preferences', '/assets/:name', '/favicon.ico'] as const;

/** The pages for people. */
export const dashboardRoutes = (options: DashboardOptions) =>
  new Elysia()
    .use(assetRoutes())
    .use(setupRoutes(options))
    .use(signInRoutes(options))
    .use(preferenceRoutes(options))
    .use(signOutRoutes(options))
    .use(liveRoutes(options))
    .use(overviewRoutes(options))
    .use(requestsRoutes(options))
    .use(keysRoutes(options))
    .use(playgroundRoutes(options))
    .use(providersRoutes(options))
    .use(routingRoutes(options))
    .use(replayRoutes(options))
    .use(ownServersRoutes(options))
    .use(missingRoutes(options));
