import type { ShadowReport } from '../../views/pages/routing-shadow.tsx';
import type { StatusReport } from '../../views/pages/status.tsx';
import type { CatalogueStatus } from '../catalogue/index.ts';
import type { SettingValues } from '../settings/index.ts';
import type { LatestRequest, Totals } from './overview-data.ts';

// What the dashboard of the tests shows.

export const NO_TOTALS: Totals = {
  ...{ requests: 0, costNanoUsd: 0, simulatedNanoUsd: 0, unpriced: 0, savedNanoUsd: 0, averageMs: 0, cacheHits: 0 },
  ...{ errors: 0, estimated: 0, p95Ms: null },
};

export const REQUEST: LatestRequest = {
  ...{ id: 'r1', startedAt: Date.UTC(2030, 0, 1) - 5000, durationMs: 412, keyName: 'app', status: 200 },
  ...{ requestedModel: 'auto', model: 'small-model', provider: 'openai', complexity: 'simple', cache: 'miss' },
  ...{ costNanoUsd: 12_300, isSimulated: false, errorCode: null, isUsageEstimated: false },
};

export const SETTINGS: SettingValues = {
  ...{ defaultStrategy: 'balanced', baselineModel: null, requestsPerMinute: 3000, cacheTtlSeconds: 3600 },
  ...{ cacheMaxMib: 64, requestDays: 0, detailDays: 30 },
  ...{ shadowPercent: 0, shadowJudge: null, shadowModel: null, shadowDailyUsd: 1 },
};

export const NO_SHADOW: ShadowReport = {
  ...{ isOn: false, percent: 0, judgeModel: null, rivalModel: null, dailyNanoUsd: 1_000_000_000 },
  ...{ today: { realNanoUsd: 0, simulatedNanoUsd: 0 }, days: 30, pairs: [], skipped: {} },
};

export const STATUS: StatusReport = {
  ...{ version: '1.2.3', bunVersion: '1.4.5', startedAt: Date.UTC(2029, 11, 30), at: Date.UTC(2030, 0, 1) },
  ...{ memoryBytes: 96_000_000, databaseBytes: 52_000_000, walBytes: 4_000_000, requestsEver: 1_234_567 },
  ...{ requestDays: 0, detailDays: 30, queueDepth: 3, openRequests: 2, livePages: 1 },
  cache: { entries: 12, bytes: 4_000_000, maxBytes: 64_000_000 },
  vendors: [{ id: 'openai', label: 'OpenAI', state: 'connected' }],
  catalogue: {
    ...{ generatedAt: '2029-12-31T03:00:00Z', models: 41 },
    providers: [
      { provider: 'openai', lastGoodAt: Date.UTC(2029, 11, 31, 21), level: 'ok' },
      { provider: 'anthropic', lastGoodAt: Date.UTC(2029, 11, 29), level: 'warn' },
      { provider: 'google', lastGoodAt: Date.UTC(2029, 11, 20), level: 'error' },
    ],
  },
  jobs: [
    {
      ...{ name: 'refresh-registry', schedule: { type: 'daily', hour: 3, minute: 0 }, settledDay: '2029-12-31' },
      lastRun: { at: Date.UTC(2029, 11, 31, 3), outcome: 'retry' },
    },
    { name: 'follow-catalogue', schedule: { type: 'every', ms: 1 }, settledDay: null, lastRun: null },
  ],
  timeZone: 'Europe/Berlin',
  prune: { at: Date.UTC(2029, 11, 31, 23), durationMs: 12, count: 7 },
  webhook: { pending: 1, failed: 2 },
};

export const USED = {
  ...{ requests: 3, errors: 1, costNanoUsd: 5e9, simulatedNanoUsd: 0, promptTokens: 10, outputTokens: 10 },
};

export const CATALOGUE_STATUS: CatalogueStatus = {
  ...{ isRunning: false, startedAt: null, sources: [], generatedAt: '2030-01-01T00:00:00Z', models: 0, pinned: [] },
  providers: [{ provider: 'openai', lastGoodAt: Date.UTC(2029, 11, 20), ageMs: 0, level: 'error' }],
  waiting: [
    {
      ...{
        provider: 'openai',
        verdict: 'quarantined',
        model: 'small-model',
        tier: 'standard',
        promptOver: 0,
        field: 'input',
      },
      ...{ old: 2, new: 40, ratio: 20, from: null },
    },
  ],
  last: {
    ...{ startedAt: 0, endedAt: 1, source: 'job', events: 1, isChanged: false, error: null },
    outcomes: [{ provider: 'openai', status: 'failed', message: 'The page changes the prices of 4 of 4 models.' }],
  },
};
