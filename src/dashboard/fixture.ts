import { Elysia } from 'elysia';
import { toModel } from '../../registry/custom-model.ts';
import { createRegistry } from '../../registry/load.ts';
import {
  type Account,
  createAccounts,
  createAuditLog,
  createKeys,
  createLinks,
  createPasswords,
  createPeople,
  createSessionCookie,
  createSessions,
  createUserLimits,
} from '../accounts/index.ts';
import { readChangelog } from '../catalogue/changelog.ts';
import { createChanges } from '../catalogue/changes.ts';
import type { Catalogue, UpdateRequest } from '../catalogue/index.ts';
import { createOverrides } from '../catalogue/overrides.ts';
import { createOwnServers } from '../catalogue/own-servers.ts';
import type { ProviderDesk } from '../catalogue/provider-desk.ts';
import { openDatabase } from '../db/client.ts';
import { countComparisons } from '../db/queries/shadow.ts';
import { insertUser } from '../db/queries/users.ts';
import { GatewayError } from '../errors.ts';
import { createClientOf } from '../lib/client-of.ts';
import { createKey, createKeyedHash, deriveKey } from '../lib/secret-box.ts';
import { createLimits } from '../pipeline/limits/index.ts';
import type { ReplayReport } from '../pipeline/replay.ts';
import { createProviderHealth } from '../providers/health.ts';
import { createExperiments } from '../reports/experiments.ts';
import { createKeyUsage } from '../reports/key-usage.ts';
import { createOverviewReports } from '../reports/overview.ts';
import { createRequestReports } from '../reports/requests.ts';
import { createSettings } from '../settings/index.ts';
import { createVault, type Vendor } from '../vault/index.ts';
import type { Delta, Playground, Question } from './ask.ts';
import { CATALOGUE_STATUS, NO_SHADOW, NO_TOTALS, SETTINGS, STATUS, USED } from './fixture-data.ts';
import { createLive, dashboardRoutes } from './index.ts';
import type { DashboardOptions } from './options.ts';
import type { LatestRequest } from './overview-data.ts';

import { createReplays, type ReplayWish } from './replays.ts';
import { createRoutingData } from './routing-data.ts';

export const PASSWORD = 'correct horse battery';
export const HOSTILE = `<script>alert("1")</script>'"><img src=x onerror=alert(2)>`;

/** A whole dashboard over an empty database, with a browser in front of it that keeps its cookie. */
export function createTestDashboard(config: DashboardOptions['config'] = { publicUrl: null, basePath: '' }) {
  const clock = { ms: Date.UTC(2030, 0, 1) };
  const now = () => clock.ms;
  const db = openDatabase(':memory:');
  const masterKey = createKey(new Uint8Array(32).fill(9));
  const hash = createKeyedHash(deriveKey(masterKey, 'hash'));
  const audit = createAuditLog({ db, now });
  const people = { db, now, passwords: createPasswords(), onAudit: audit.write };
  const accounts = createAccounts({ ...people, hash });
  const settings = createSettings({
    ...{ db, base: SETTINGS, onAudit: audit.write, isModel: (name) => name === 'small-model' },
    isGiven: (variable) => variable === 'CACHE_MAX_MIB',
  });
  const sessions = createSessions({ db, key: deriveKey(masterKey, 'sessions'), now });
  const keys = createKeys({ db, hash, now, onAudit: audit.write });
  const vault = createVault({ db, masterKey, now });
  const health = createProviderHealth(now);
  const ownServers = createOwnServers({ db, now, taken: ['openai', 'google'], onChange: () => {} });
  const sessionCookie = createSessionCookie(config);
  const failures: unknown[] = [];
  const live = createLive({ now, logError: (message, cause) => failures.push(message, cause) });

  let drawn = 0;
  /** `drawn` counts how often the overview was asked for. */
  const ledger = { totals: NO_TOTALS, latest: [] as LatestRequest[], drawn: () => drawn };
  const reports = createOverviewReports({
    ...{ db, now, vendors: () => [], health, keys: () => [] },
    limits: createLimits({ now, defaultRequestsPerMinute: 0 }),
  });
  const overview = {
    ...reports,
    figures: async () => {
      drawn++;
      const { totals, latest } = ledger;
      return { totals, before: NO_TOTALS, latest, providers: [], budgets: [] };
    },
    spendByKey: async () =>
      new Map((await keys.list(EVERYONE)).map(({ id }) => [id, { requests: 1234, costNanoUsd: 5_000 }])),
  };
  /** Says back what it was asked. */
  const asked: Question[] = [];
  const playground: Playground = {
    models: () => ['openai/small-model'],
    async ask(question) {
      asked.push(question);
      let deltas: Delta[] | null = [{ kind: 'text', text: `${question.model} says: ${question.prompt}` }];
      return {
        async next() {
          const told = deltas;
          deltas = null;
          return told;
        },
        ending: () => ({ row: null, decision: null, failure: null }),
        cancel: () => {},
      };
    },
    decide: () => Promise.reject(new GatewayError('no_candidate', 'Nobody can answer this.')),
  };
  const replay = createTestReplay();
  const requests = createRequestReports({ db, now, bodyKey: deriveKey(masterKey, 'bodies') });
  const vendors: Vendor[] = [
    { id: 'openai', label: 'OpenAI', state: 'connected' },
    { id: 'google', label: 'Google', state: 'off' },
  ];
  const providerDesk: Pick<ProviderDesk, 'list' | 'tryKey'> = {
    list: async () =>
      vendors.map((vendor) => ({
        ...{ ...vendor, baseUrl: 'https://api.example.com/v1', origin: 'vendor', requests: 0, errors: 0 },
        health: health.of(vendor.id),
        keys: vault
          .list()
          .filter(({ provider }) => provider === vendor.id)
          .map((key) => ({ ...key, ...health.ofKey(key.id) })),
      })),
    tryKey: async () => null,
  };
  const overrides = createOverrides({ db, now, onChange: () => {} });
  const registry = {
    models: [toModel({ id: 'small-model', contextWindow: 1000, prices: { input: 1, output: 2 } }, 'openai')],
  };
  const status = { ...CATALOGUE_STATUS };
  const started: UpdateRequest[] = [];
  const pinned = new Set<string>();
  const catalogue: Pick<Catalogue, 'registry' | 'status' | 'changelog' | 'start' | 'pin' | 'unpin'> = {
    registry: () => createRegistry(registry.models),
    status: () => ({ ...status, models: registry.models.length, pinned: [...pinned] }),
    changelog: (query) => readChangelog(db, query ?? {}),
    start: async (request) => {
      started.push(request);
      return { finished: new Promise(() => {}) };
    },
    pin: async (ids) => ids.forEach((id) => void pinned.add(id)),
    unpin: async (ids) => ids.forEach((id) => void pinned.delete(id)),
  };
  const app = new Elysia().use(
    dashboardRoutes({
      config,
      sessionCookie,
      live,
      playground,
      replays: createReplays({
        db,
        now,
        logError: (...failure) => failures.push(...failure),
        replay: (wish) => replay.run(wish),
      }),
      experiments: createExperiments({ db, now, writer: { flush: async () => {} } }),
      shadowReport: async () => ({ ...NO_SHADOW, pairs: await countComparisons(db, 0) }),
      routing: createRoutingData({ db, config: GATEWAY_DEFAULTS, catalogue: { registry: () => EMPTY }, now }),
      clientOf: createClientOf({ isTrustedProxy: () => false, publicUrl: config.publicUrl }),
      accounts,
      audit,
      settings,
      people: createPeople(people),
      links: createLinks({ ...people, hash }),
      userLimits: createUserLimits({ db, onAudit: audit.write }),
      keyUsage: createKeyUsage({ db, now }),
      schedule: { timeZone: 'Europe/Berlin', refreshTime: '03:00' },
      status: async () => STATUS,
      takeSnapshot: async () => ({ bytes: 6, stream: new Blob(['SQLite']).stream() }),
      testWebhook: null,
      sessions,
      keys,
      changes: createChanges({ audit, catalogue, overrides, ownServers, vault, providerDesk }),
      providerDesk,
      ownServers,
      catalogue,
      overrides,
      modelUsage: async () => USED,
      vendors: () => vendors,
      overview,
      requests,
      now,
    }),
  );
  const browser = createBrowser((request) => app.handle(request));

  /** Makes a person and signs them in, without the cost of a password. */
  async function signIn(role: Account['role'], name: string = role): Promise<Account> {
    const account: Account = { id: role, email: `${role}@example.com`, name, role };
    await insertUser(db, { ...account, passwordHash: 'none', sessionVersion: 1, createdAt: 0, disabledAt: null });
    browser.cookie = `${sessionCookie.name}=${await sessions.start(account.id)}`;
    return account;
  }

  return {
    app,
    audit,
    settings,
    overrides,
    ownServers,
    pinned,
    registry,
    started,
    status,
    health,
    asked,
    replay,
    browser,
    clock,
    db,
    failures,
    live,
    accounts,
    keys,
    ledger,
    sessions,
    signIn,
    vault,
    vendors,
  };
}

const GATEWAY_DEFAULTS = { defaultStrategy: 'balanced', baselineModel: null } as const;
const EMPTY = createRegistry([]);

/** A replay that ends when it is told to. */
function createTestReplay() {
  const wishes: ReplayWish[] = [];
  let end: (report: ReplayReport) => void = () => {};
  return {
    wishes,
    end: (report: ReplayReport) => end(report),
    run(wish: ReplayWish): Promise<ReplayReport> {
      wishes.push(wish);
      return new Promise((resolve) => {
        end = resolve;
      });
    },
  };
}

const EVERYONE: Account = { id: '', email: '', name: '', role: 'admin' };

export interface Answer {
  status: number;
  headers: Headers;
  html: string;
}

/** Sends what a browser would: the cookie it was given, the form's token, and where the form stood. */
function createBrowser(handle: (request: Request) => Promise<Response>) {
  const browser = { cookie: '', get, post, submit };

  async function send(path: string, init: RequestInit, headers: Record<string, string>): Promise<Answer> {
    const cookie: Record<string, string> = browser.cookie === '' ? {} : { cookie: browser.cookie };
    const response = await handle(
      new Request(`http://localhost${path}`, { ...init, headers: { ...cookie, ...headers } }),
    );
    const given = response.headers.get('set-cookie');
    if (given?.includes('gateway_session'))
      browser.cookie = given.includes('Max-Age=0') ? '' : (given.split(';')[0] ?? '');
    return { status: response.status, headers: response.headers, html: await response.text() };
  }

  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send(path, {}, headers);
  }

  /** A form, exactly these fields. */
  function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const init = { method: 'POST', body: new URLSearchParams(fields).toString() };
    const type = 'application/x-www-form-urlencoded';
    return send(path, init, { 'content-type': type, 'sec-fetch-site': 'same-origin', ...headers });
  }

  /** A form of our own page, with the token that stands in it. */
  async function submit(path: string, fields: Record<string, string>): Promise<Answer> {
    const { html } = await get('/dashboard/keys');
    return await post(path, { ...fields, 'form-token': /name="form-token" value="(\w+)"/.exec(html)?.[1] ?? '' });
  }

  return browser;
}
