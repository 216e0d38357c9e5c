import { getTableColumns, type Placeholder, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/** A placeholder for each column, under the column's own name. The type says what `fromEntries` cannot. */
export function placeholders<T extends SQLiteTable>(table: T) {
  const entries = Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)]);
  return Object.fromEntries(entries) as { [K in keyof T['$inferInsert']]-?: Placeholder };
}
