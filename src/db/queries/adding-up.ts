import { type SQL, sql } from 'drizzle-orm';

/** For an upsert: what is there and what comes are added up, in each of these columns. */
export function addingUp(columns: readonly string[]): Record<string, SQL> {
  return Object.fromEntries(
    columns.map((name) => {
      const column = sql.identifier(snakeCase(name));
      return [name, sql`${column} + excluded.${column}`];
    }),
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
