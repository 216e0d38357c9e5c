import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { createServices } from '../src/services/index.ts';

const UNTIL = Date.UTC(2026, 10, 20, 12);

/** What the pages of the ledger are asked for: as people open them, and as slow as a filter can be. */
export const LEDGER_PAGES: readonly (readonly [name: string, who: 'admin' | 'member', path: string])[] = [
  ['overview', 'admin', '/dashboard'],
  ['overview, 90 days', 'admin', '/dashboard?days=90'],
  ['overview of a member', 'member', '/dashboard'],
  ['overview of a member, 30 days', 'member', '/dashboard?days=30'],
  ['requests', 'admin', '/dashboard/requests'],
  ['requests of a member', 'member', '/dashboard/requests'],
  ['requests, all time, of one key', 'admin', '/dashboard/requests?range=all&key=key-7'],
  ['requests, all time, of one model', 'admin', '/dashboard/requests?range=all&model=model-3'],
  ['requests that failed, all time', 'admin', '/dashboard/requests?range=all&outcome=failed'],
  ['requests that cost a dollar, all time: none', 'admin', '/dashboard/requests?range=all&minCost=1'],
  ['requests with a status nobody had', 'admin', '/dashboard/requests?range=all&status=418'],
  ['requests of a member and a model nobody used', 'member', '/dashboard/requests?range=all&model=nobody'],
  ['part of an id that is not there', 'admin', '/dashboard/requests?range=all&id=zzzz'],
  ['overview, 30 days', 'admin', '/dashboard?days=30'],
  ['overview of a member, 90 days', 'member', '/dashboard?days=90'],
  ['keys', 'admin', '/dashboard/keys'],
  ['keys of a member', 'member', '/dashboard/keys'],
  ['a key', 'admin', '/dashboard/keys/key-7'],
  ['users', 'admin', '/dashboard/users'],
  ['a user', 'admin', '/dashboard/users/user-7'],
  ['account', 'member', '/dashboard/account'],
  ['audit log', 'admin', '/dashboard/audit'],
  ['settings', 'admin', '/dashboard/settings'],
  ['status', 'admin', '/dashboard/status'],
  ['providers', 'admin', '/dashboard/providers'],
  ['a new provider', 'admin', '/dashboard/providers/new'],
  ['models', 'admin', '/dashboard/models'],
  ['a model', 'admin', '/dashboard/models/openai/gpt-5.6-sol'],
  ['changelog', 'admin', '/dashboard/changelog'],
  ['playground', 'admin', '/dashboard/playground'],
  ['routing', 'admin', '/dashboard/routing'],
  ['routing, 90 days', 'admin', '/dashboard/routing?days=90'],
  ['replay', 'admin', '/dashboard/routing/replay'],
  ...(['spend', 'models', 'complexity', 'times', 'errors'] as const).map(
    (chart) => [`chart: ${chart}, 90 days`, 'admin', `/dashboard/overview/chart.json?chart=${chart}&days=90`] as const,
  ),
  ['everything at once', 'admin', '/dashboard/requests?range=30d&key=key-7&cache=hit&complexity=simple&minCost=0.009'],
];

/** The whole gateway over a seeded ledger, at the time of its newest row, without a port. */
export async function openPages(dataDir: string) {
  const log = { info: () => {}, warn: () => {}, error: console.error };
  const config = loadConfig({ DATA_DIR: dataDir, REGISTRY_REFRESH: 'off' });
  const services = await createServices({ config, env: {}, now: () => UNTIL, log });
  const app = createApp(services);
  const { sessions, sessionCookie } = services;
  const cookies = {
    admin: `${sessionCookie.name}=${await sessions.start('user-0')}`,
    member: `${sessionCookie.name}=${await sessions.start('user-7')}`,
  };

  async function get(who: 'admin' | 'member', path: string): Promise<{ status: number; html: string }> {
    const response = await app.handle(new Request(`http://localhost${path}`, { headers: { cookie: cookies[who] } }));
    return { status: response.status, html: await response.text() };
  }

  /**
   * How long a page takes, in milliseconds, the shortest first: of the processor's time and not of the clock's, so that what
   * else runs on the machine is not counted. All of it is work of this process.
   */
  async function time(who: 'admin' | 'member', path: string, rounds: number): Promise<number[]> {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const from = process.cpuUsage();
      const { status } = await get(who, path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      const { user, system } = process.cpuUsage(from);
      times.push((user + system) / 1000);
    }
    return times.sort((a, b) => a - b);
  }

  const [newest] = await services.requests
    .list({ id: 'user-0', role: 'admin' }, {}, { limit: 1 })
    .then(({ rows }) => rows.map(({ id }) => id));
  return { services, get, time, requestPath: `/dashboard/requests/${newest}`, stop: services.stop };
}
