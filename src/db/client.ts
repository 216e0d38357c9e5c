import { Database } from 'bun:sqlite';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/bun-sqlite';
import { migrate } from 'drizzle-orm/bun-sqlite/migrator';
import * as schema from './schema.ts';

const OWNER_ONLY = 0o600;

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
  const db = drizzle(sqlite, { schema, casing: 'snake_case' });
  migrate(db, { migrationsFolder: join(import.meta.dir, 'migrations') });
  return Object.assign(db, { close: () => sqlite.close() });
}
