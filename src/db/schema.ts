import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { UsageExtras } from '../chat/usage.ts';

// Money is whole nano-dollars, because a token can cost less than a micro-dollar. Time is whole milliseconds since 1970.

/** A person who signs in to the dashboard. */
export const users = sqliteTable('users', {
  id: text().primaryKey(),
  email: text().notNull().unique(),
  name: text().notNull(),
  /** argon2id. */
  passwordHash: text().notNull(),
  role: text({ enum: ['admin', 'member', 'viewer'] }).notNull(),
  /** Raised to sign a person out everywhere: a session holds the number it was made with. */
  sessionVersion: integer().notNull().default(1),
  createdAt: integer().notNull(),
  disabledAt: integer(),
});

/** Single-use tokens: the setup link, and later invitations. Only the HMAC is kept. */
export const oneTimeTokens = sqliteTable('one_time_tokens', {
  id: text().primaryKey(),
  purpose: text({ enum: ['setup', 'invite'] }).notNull(),
  hash: text().notNull().unique(),
  createdAt: integer().notNull(),
  expiresAt: integer(),
  usedAt: integer(),
});

/** A key a program sends us. Its HMAC is kept: a lost key is replaced, never read back. */
export const gatewayKeys = sqliteTable('gateway_keys', {
  id: text().primaryKey(),
  /** Null for keys the gateway made itself before there was anybody. */
  userId: text().references(() => users.id),
  name: text().notNull(),
  hash: text().notNull().unique(),
  /** The first characters, for people to tell keys apart. */
  prefix: text().notNull(),
  /** How `auto` picks for this key; null = the gateway's default. */
  strategy: text({ enum: ['cost', 'quality', 'speed', 'balanced'] }),
  /** Models that may answer when an explicit model fails. */
  fallbackModels: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
  /** Null = the gateway's default, 0 = no limit. */
  requestsPerMinute: integer(),
  createdAt: integer().notNull(),
  expiresAt: integer(),
  revokedAt: integer(),
  /** As of the last ledger rows written. */
  lastUsedAt: integer(),
});

/** A provider's key, encrypted with the master key. `keyId` names the master key that did it. */
export const providerKeys = sqliteTable('provider_keys', {
  id: text().primaryKey(),
  provider: text().notNull(),
  name: text().notNull(),
  /** Nonce, ciphertext and tag, base64. */
  sealed: text().notNull(),
  keyId: text().notNull(),
  createdAt: integer().notNull(),
  revokedAt: integer(),
});

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

/**
 * The ledger summed up by hour and by day, key and model, written in the same transaction as its rows, so that no report has
 * to read rows by the million. Simulated requests are in every count; their money is in `simulatedNanoUsd` alone.
 */
export const spend = sqliteTable(
  'spend',
  {
    span: text({ enum: ['hour', 'day'] }).notNull(),
    /** The hour's or UTC day's first millisecond. */
    start: integer().notNull(),
    keyId: text().notNull(),
    /** Empty for requests that nobody answered. */
    provider: text().notNull(),
    model: text().notNull(),
    requests: integer().notNull(),
    errors: integer().notNull(),
    refused: integer().notNull(),
    aborted: integer().notNull(),
    cacheHits: integer().notNull(),
    unpriced: integer().notNull(),
    estimated: integer().notNull(),
    durationMs: integer().notNull(),
    promptTokens: integer().notNull(),
    /** How many of `promptTokens` came from a provider's cache. */
    cacheReadTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    /** How many of `outputTokens` were thoughts. */
    reasoningTokens: integer().notNull(),
    costNanoUsd: integer().notNull(),
    simulatedNanoUsd: integer().notNull(),
    baselineNanoUsd: integer().notNull(),
    savedNanoUsd: integer().notNull(),
    cacheSavedNanoUsd: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.span, table.start, table.keyId, table.provider, table.model] })],
);

/**
 * How many requests of an hour or day, by key, were of some complexity, took about so long, or failed in some way. Times are
 * counted in classes (`lib/histogram.ts`), which gives percentiles without reading rows.
 */
export const counts = sqliteTable(
  'counts',
  {
    span: text({ enum: ['hour', 'day'] }).notNull(),
    start: integer().notNull(),
    keyId: text().notNull(),
    kind: text({ enum: ['complexity', 'duration', 'first-content', 'failure'] }).notNull(),
    value: text().notNull(),
    requests: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.span, table.kind, table.start, table.keyId, table.value] })],
);

/** Facts about this installation that must outlive a restart. */
export const settings = sqliteTable('settings', {
  name: text().primaryKey(),
  value: text().notNull(),
});

export type User = typeof users.$inferSelect;
export type GatewayKey = typeof gatewayKeys.$inferSelect;
export type ProviderKey = typeof providerKeys.$inferSelect;
export type RequestRow = typeof requests.$inferInsert;
export type AttemptRow = typeof attempts.$inferInsert;
export type Request = typeof requests.$inferSelect;
export type Attempt = typeof attempts.$inferSelect;
export type RequestDetails = typeof requestDetails.$inferInsert;
export type PriceRowEntry = typeof priceRows.$inferInsert;
export type Spend = typeof spend.$inferSelect;
export type Count = typeof counts.$inferSelect;
