import type { Db } from './client.ts';

/** Statements are prepared once for each database, when they are first needed. */
export function preparedOnce<Statements>(prepare: (db: Db) => Statements): (db: Db) => Statements {
  const known = new WeakMap<Db, Statements>();
  return (db) => {
    const statements = known.get(db) ?? prepare(db);
    known.set(db, statements);
    return statements;
  };
}
