import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What the router has learned from verdicts on answers; one row for each owner, and one, without a name, for what all share. */
export const learned = sqliteTable('learned', {
  ownerId: text().primaryKey(),
  /** JSON of the version that wrote it; holds weights by kind of request and by model, and no text of any request. */
  state: text().notNull(),
  /** Of the last lesson. */
  at: integer().notNull(),
});

export type LearnedRow = typeof learned.$inferSelect;
