import { Database } from 'bun:sqlite';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/bun-sqlite';
import { migrate } from 'drizzle-orm/bun-sqlite/migrator';
import * as schema from './schema.ts';

const OWNER_ONLY = 0o600;
/** The sums that a page reads fit in; SQLite's own 2 MB are read over and over. Filled only by use. */
const CACHE_KIB = 32_000;

export type Db = ReturnType<typeof openDatabase>;

/** Opens the database at `path` (`:memory:` in tests) and brings it to the newest schema. */
export function openDatabase(path: string) {
  const sqlite = new Database(path, { create: true, strict: true });
  // SQLite gives its other files the mode of this one.
  if (path !== ':memory:') chmodSync(path, OWNER_ONLY);
  sqlite.run('PRAGMA journal_mode = WAL');
  sqlite.run('PRAGMA synchronous = NORMAL');
  sqlite.run('PRAGMA busy_timeout = 5000');
  sqlite.run('PRAGMA foreign_keys = ON');
  sqlite.run(`PRAGMA cache_size = -${CACHE_KIB}`);
  const db = drizzle(sqlite, { schema, casing: 'snake_case' });
  migrate(db, { migrationsFolder: join(import.meta.dir, 'migrations') });
  return Object.assign(db, { close: () => sqlite.close() });
}
