import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A server of the operator's own, added on the dashboard. Its key, if it wants one, is among the provider keys. */
export const customProviders = sqliteTable('custom_providers', {
  id: text().primaryKey(),
  label: text().notNull(),
  baseUrl: text().notNull(),
  /** As `models` of an entry of `data/providers.json`. */
  models: text({ mode: 'json' }).$type<unknown[]>().notNull(),
  createdAt: integer().notNull(),
});

/** What the operator says of a model, whatever its vendor's page says. Absent = as in the catalogue. */
export const modelOverrides = sqliteTable(
  'model_overrides',
  {
    provider: text().notNull(),
    model: text().notNull(),
    /** US dollars per million tokens of the standard tier. */
    prices: text({ mode: 'json' }).$type<{ input: number; output: number; cacheRead?: number | undefined }>(),
    /** 0 to 100. */
    quality: real(),
    note: text().notNull(),
    /** The day from which the prices hold. */
    from: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.provider, table.model] })],
);

export type CustomProviderRow = typeof customProviders.$inferSelect;
export type ModelOverrideRow = typeof modelOverrides.$inferSelect;
