import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { UsageExtras } from '../../chat/usage.ts';

/** The ledger: one row for each request that had a valid key, whatever became of it. */
export const requests = sqliteTable(
  'requests',
  {
    /** UUIDv7, so that id order is time order; also `x-gateway-request-id`. */
    id: text().primaryKey(),
    startedAt: integer().notNull(),
    durationMs: integer().notNull(),
    /** To the first content; null when there was none. */
    firstContentMs: integer(),
    /** Our share of the time, in microseconds. */
    overheadUs: integer().notNull(),
    keyId: text().notNull(),
    userId: text(),
    endpoint: text().notNull(),
    dialect: text().notNull(),
    isStream: integer({ mode: 'boolean' }).notNull(),
    requestedModel: text().notNull(),

    outcome: text({ enum: ['ok', 'error', 'aborted', 'refused'] }).notNull(),
    /** What the client saw; 499 when it had left. */
    status: integer().notNull(),
    errorCode: text(),
    stopReason: text(),
    cache: text({ enum: ['hit', 'miss', 'bypass'] }).notNull(),

    complexity: text({ enum: ['simple', 'moderate', 'complex', 'expert'] }),
    confidence: integer(),
    strategy: text(),
    /** What the decision was read from, for replays; see `chat/route-features.ts`. */
    features: text(),
    /** `experiment/arm` of the key's policy. */
    arm: text(),
    provider: text(),
    model: text(),
    /** The model as the provider's reply named it. */
    reportedModel: text(),
    attemptCount: integer().notNull(),
    isSimulated: integer({ mode: 'boolean' }).notNull(),

    inputTokens: integer().notNull(),
    cacheReadTokens: integer().notNull(),
    cacheWriteShortTokens: integer().notNull(),
    cacheWriteLongTokens: integer().notNull(),
    audioInputTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    reasoningTokens: integer().notNull(),
    audioOutputTokens: integer().notNull(),
    isUsageEstimated: integer({ mode: 'boolean' }).notNull(),
    serviceTier: text(),
    /** What is billed beside the classes, where there was any. */
    usageExtras: text({ mode: 'json' }).$type<UsageExtras>(),

    /** Null = unpriced, which is not nothing. */
    costNanoUsd: integer(),
    /** The price row the cost was worked out with, in `price_rows`. */
    priceId: text(),
    baselineModel: text(),
    baselineNanoUsd: integer(),
    baselinePriceId: text(),
    /** Baseline less cost. Null where either is unpriced. */
    savedNanoUsd: integer(),
    /** For a cache hit: what the provider would have been paid for the answer. */
    cacheSavedNanoUsd: integer(),
  },
  (table) => [
    index('requests_by_time').on(table.startedAt),
    index('requests_by_key').on(table.keyId, table.startedAt),
    index('requests_by_user').on(table.userId, table.startedAt),
    index('requests_by_model').on(table.model, table.startedAt),
    // Few, and what people look for: without this a search for them would read everything.
    index('requests_that_failed').on(table.startedAt).where(sql`"outcome" <> 'ok'`),
    index('requests_without_price').on(table.startedAt).where(sql`"cost_nano_usd" is null and "model" is not null`),
  ],
);

/** What is worth knowing of one request for some weeks, and too large to keep for ever. Pruned on its own. */
export const requestDetails = sqliteTable(
  'request_details',
  {
    requestId: text().primaryKey(),
    startedAt: integer().notNull(),
    /** Why this model, and every candidate, as `POST /v1/route` tells it. */
    decision: text({ mode: 'json' }),
    /** How far each stage had got, in microseconds since the request came in. */
    laps: text({ mode: 'json' }).$type<Lap[]>().notNull(),
    /** What the caller said of itself, from a list of headers that hold no secrets. */
    headers: text({ mode: 'json' }).$type<Record<string, string>>().notNull(),
  },
  (table) => [index('request_details_by_time').on(table.startedAt)],
);

/** What was said, of requests whose key keeps it: compressed, and sealed with a key made from the master key. */
export const requestBodies = sqliteTable(
  'request_bodies',
  {
    requestId: text().primaryKey(),
    startedAt: integer().notNull(),
    prompt: blob({ mode: 'buffer' }).notNull(),
    answer: blob({ mode: 'buffer' }).notNull(),
    /** The end of it is missing: it was longer than what is kept of one. */
    isPromptCut: integer({ mode: 'boolean' }).notNull(),
    isAnswerCut: integer({ mode: 'boolean' }).notNull(),
  },
  (table) => [index('request_bodies_by_time').on(table.startedAt)],
);

/** A stage of a request and when it was through. */
export interface Lap {
  stage: string;
  endedUs: number;
}

/**
 * Every price row that a cost was ever worked out with, once each: the rows of the ledger name them, so that a request can
 * be explained when the catalogue has long moved on.
 */
export const priceRows = sqliteTable('price_rows', {
  /** A hash of the other three. */
  id: text().primaryKey(),
  provider: text().notNull(),
  model: text().notNull(),
  row: text({ mode: 'json' }).notNull(),
});

/** What a request was booked with before it was worked out anew with a corrected price. */
export const recosts = sqliteTable(
  'recosts',
  {
    id: text().primaryKey(),
    requestId: text().notNull(),
    at: integer().notNull(),
    /** Null = unpriced. */
    oldCostNanoUsd: integer(),
    newCostNanoUsd: integer(),
    oldPriceId: text(),
    newPriceId: text(),
    oldBaselineNanoUsd: integer(),
    newBaselineNanoUsd: integer(),
  },
  (table) => [index('recosts_by_request').on(table.requestId)],
);

/** One row for each call to a provider. */
export const attempts = sqliteTable(
  'attempts',
  {
    id: text().primaryKey(),
    requestId: text().notNull(),
    position: integer().notNull(),
    provider: text().notNull(),
    model: text().notNull(),
    startedAt: integer().notNull(),
    durationMs: integer().notNull(),
    /** To the reply's headers; null when none came. */
    headersMs: integer(),
    /** The provider's status; null when there was no reply. */
    status: integer(),
    errorCode: text(),
    errorMessage: text(),
    isUsageEstimated: integer({ mode: 'boolean' }).notNull(),
    inputTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    costNanoUsd: integer(),
  },
  (table) => [index('attempts_by_request').on(table.requestId)],
);

/** What somebody thought of an answer. One word a source: whoever says another thing later takes the first one back. */
export const feedback = sqliteTable(
  'feedback',
  {
    requestId: text().notNull(),
    source: text({ enum: ['caller', 'implicit', 'shadow'] }).notNull(),
    at: integer().notNull(),
    /** Who said it, which need not be the key that asked. */
    keyId: text().notNull(),
    passed: integer({ mode: 'boolean' }).notNull(),
    /** 1 to 5, where stars were given. */
    rating: integer(),
    note: text(),
  },
  (table) => [primaryKey({ columns: [table.requestId, table.source] })],
);

export type RequestRow = typeof requests.$inferInsert;
export type AttemptRow = typeof attempts.$inferInsert;
export type Request = typeof requests.$inferSelect;
export type Attempt = typeof attempts.$inferSelect;
export type RequestBodies = typeof requestBodies.$inferSelect;
export type FeedbackRow = typeof feedback.$inferInsert;
export type RequestDetails = typeof requestDetails.$inferInsert;
export type PriceRowEntry = typeof priceRows.$inferInsert;
