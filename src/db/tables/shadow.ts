import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What came of answers that the gateway compared by itself; not a word of them. */
export const shadowComparisons = sqliteTable(
  'shadow_comparisons',
  {
    /** The request that was served. */
    requestId: text().primaryKey(),
    /** That of the other answer; null where there is none. Both are in `requests`. */
    rivalRequestId: text(),
    at: integer().notNull(),
    /** `provider/model`, as the next two. */
    served: text().notNull(),
    rival: text().notNull(),
    judge: text().notNull(),
    /** What the served answer was to the other one; null = there was none, or the judge said nothing that could be read. */
    outcome: text({ enum: ['win', 'tie', 'loss'] }),
    isSimulated: integer({ mode: 'boolean' }).notNull(),
  },
  (table) => [index('shadow_comparisons_by_time').on(table.at)],
);

export type ShadowComparison = typeof shadowComparisons.$inferSelect;
