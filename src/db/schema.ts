import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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
    /** Why this model, and every candidate, as `POST /v1/route` tells it. */
    decision: text({ mode: 'json' }),
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

    /** Null = unpriced, which is not nothing. */
    costNanoUsd: integer(),
    /** The price row the cost was worked out with. */
    priceRow: text({ mode: 'json' }),
    baselineModel: text(),
    baselineNanoUsd: integer(),
    baselinePriceRow: text({ mode: 'json' }),
    /** Baseline less cost. Null where either is unpriced. */
    savedNanoUsd: integer(),
    /** For a cache hit: what the provider would have been paid for the answer. */
    cacheSavedNanoUsd: integer(),
  },
  (table) => [index('requests_by_time').on(table.startedAt), index('requests_by_key').on(table.keyId, table.startedAt)],
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
 * The ledger summed up by hour, key and model, written in the same transaction as its rows, so that no report has to read
 * rows by the million. Simulated requests are in every count; their money is in `simulatedNanoUsd` alone.
 */
export const hourlySpend = sqliteTable(
  'hourly_spend',
  {
    /** The hour's first millisecond. */
    hour: integer().notNull(),
    keyId: text().notNull(),
    /** Empty for requests that nobody answered. */
    provider: text().notNull(),
    model: text().notNull(),
    requests: integer().notNull(),
    errors: integer().notNull(),
    cacheHits: integer().notNull(),
    unpriced: integer().notNull(),
    durationMs: integer().notNull(),
    promptTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    costNanoUsd: integer().notNull(),
    simulatedNanoUsd: integer().notNull(),
    savedNanoUsd: integer().notNull(),
    cacheSavedNanoUsd: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.keyId, table.provider, table.model] })],
);

/** What became of the model catalogue, event by event, with the page each was read from. */
export const registryChangelog = sqliteTable(
  'registry_changelog',
  {
    /** UUIDv7. */
    id: text().primaryKey(),
    at: integer().notNull(),
    /** Who found it: the nightly job, the API, the command, or the calendar alone. */
    source: text({ enum: ['job', 'api', 'command', 'calendar'] }).notNull(),
    type: text().notNull(),
    provider: text().notNull(),
    model: text(),
    tier: text(),
    promptOver: integer(),
    field: text(),
    /** Dollars per million tokens, or what the field held. */
    oldValue: text({ mode: 'json' }).$type<string | number>(),
    newValue: text({ mode: 'json' }).$type<string | number>(),
    ratio: real(),
    /** The day, of what is not in effect yet. */
    effectiveFrom: text(),
    /** One line for people. */
    message: text().notNull(),
    url: text(),
    fetchedAt: text(),
    sha256: text(),
    parser: text(),
  },
  (table) => [
    index('registry_changelog_by_time').on(table.at),
    index('registry_changelog_by_model').on(table.provider, table.model, table.at),
  ],
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
export type RegistryChange = typeof registryChangelog.$inferSelect;
export type HourlySpend = typeof hourlySpend.$inferSelect;
