import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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

export type RegistryChange = typeof registryChangelog.$inferSelect;
