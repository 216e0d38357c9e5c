import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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
    /** Empty for the sums over all keys, so that whoever looks at everything reads few rows. */
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
  (table) => [primaryKey({ columns: [table.span, table.keyId, table.start, table.provider, table.model] })],
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
  (table) => [primaryKey({ columns: [table.span, table.kind, table.keyId, table.start, table.value] })],
);

export type Spend = typeof spend.$inferSelect;
export type Count = typeof counts.$inferSelect;
