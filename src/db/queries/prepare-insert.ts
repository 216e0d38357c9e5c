import type { SQLQueryBindings } from 'bun:sqlite';
import { Column, is, Param, Placeholder, type Query } from 'drizzle-orm';
import type { Db } from '../client.ts';

/** A placeholder of the statement: the field of the row that it takes, and whether it is stored as JSON. */
interface Place {
  field: string;
  isJson: boolean;
}

/**
 * An insert with a placeholder for each column, ready to be run for one row after the other. It goes to the database itself:
 * the query builder's way from a row to a statement takes longer than SQLite does, and it is gone several times a request.
 */
export function prepareInsert<Row extends Record<string, unknown>>(db: Db, insert: { toSQL(): Query }) {
  const { sql, params } = insert.toSQL();
  const places = params.map(placeOf);
  const statement = db.$client.prepare<unknown, SQLQueryBindings[]>(sql);
  const values: SQLQueryBindings[] = places.map(() => null);
  return (row: Row): void => {
    let index = 0;
    for (const { field, isJson } of places) values[index++] = isJson ? json(row[field]) : plain(row[field]);
    statement.run(...values);
  };
}

function placeOf(param: unknown): Place {
  const isTyped = is(param, Param);
  const placeholder = isTyped ? param.value : param;
  if (!is(placeholder, Placeholder)) throw new Error('Every value of a prepared insert is a placeholder.');
  return {
    field: String(placeholder.name),
    isJson: isTyped && is(param.encoder, Column) && param.encoder.dataType === 'json',
  };
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function plain(value: unknown): SQLQueryBindings {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    default:
      if (value === null || value === undefined) return null;
      if (value instanceof Uint8Array) return value;
      throw new Error('Only text, numbers, flags and bytes can be stored as they are.');
  }
}
