import { Elysia } from 'elysia';
import { accountRoutes } from './account.tsx';
import { assetRoutes } from './assets.ts';
import { auditRoutes } from './audit.tsx';
import { changelogRoutes } from './changelog.tsx';
import { keyRoutes } from './key.tsx';
import { keysRoutes } from './keys.tsx';
import { learningRoutes } from './learning.tsx';
import { linkRoutes } from './links.tsx';
import { liveRoutes } from './live-routes.ts';
import { missingRoutes } from './missing.tsx';
import { modelsRoutes } from './models.tsx';
import type { DashboardOptions } from './options.ts';
import { overviewRoutes } from './overview.tsx';
import { playgroundRoutes } from './playground.tsx';
import { preferenceRoutes } from './preferences.ts';
import { ownServersRoutes, providersRoutes } from './providers.tsx';
import { replayRoutes } from './replay.tsx';
import { requestsRoutes } from './requests.tsx';
import { routingRoutes } from './routing.tsx';
import { signInRoutes, signOutRoutes } from './session.tsx';
import { settingsRoutes } from './settings.tsx';
import { setupRoutes } from './setup.tsx';
import { statusRoutes } from './status.tsx';
import { usersRoutes } from './users.tsx';

export { createLive } from './live.ts';
export type { DashboardOptions } from './options.ts';
export type { KeySpend, LatestRequest, Overview, Totals } from './overview-data.ts';
export { createRoutingDesk } from './routing-desk.ts';

/** The only routes here that somebody without a session gets more from than the way to the sign-in page. */
export const PUBLIC_PATHS = [
  '/',
  '/setup',
  '/sign-in',
  '/invite',
  '/reset',
  '/preferences',
  '/assets/:name',
  '/favicon.ico',
] as const;

/** The pages for people. */
export const dashboardRoutes = (options: DashboardOptions) =>
  new Elysia()
    .use(assetRoutes())
    .use(setupRoutes(options))
    .use(signInRoutes(options))
    .use(linkRoutes(options))
    .use(preferenceRoutes(options))
    .use(signOutRoutes(options))
    .use(liveRoutes(options))
    .use(overviewRoutes(options))
    .use(requestsRoutes(options))
    .use(keysRoutes(options))
    .use(keyRoutes(options))
    .use(accountRoutes(options))
    .use(usersRoutes(options))
    .use(auditRoutes(options))
    .use(settingsRoutes(options))
    .use(statusRoutes(options))
    .use(playgroundRoutes(options))
    .use(providersRoutes(options))
    .use(routingRoutes(options))
    .use(learningRoutes(options))
    .use(replayRoutes(options))
    .use(ownServersRoutes(options))
    .use(modelsRoutes(options))
    .use(changelogRoutes(options))
    .use(missingRoutes(options));
