import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { join } from 'node:path';

const MIGRATIONS = join(import.meta.dir, 'migrations');

interface Journal {
  entries: { tag: string }[];
}

test('requests per minute of keys made before there were other limits are carried over', async () => {
  const sqlite = new Database(':memory:');
  const journal = (await Bun.file(join(MIGRATIONS, 'meta/_journal.json')).json()) as Journal;
  for (const { tag } of journal.entries) {
    const text = await Bun.file(join(MIGRATIONS, `${tag}.sql`)).text();
    for (const statement of text.split('--> statement-breakpoint')) sqlite.run(statement);
    if (tag !== '0000_start') continue;
    for (const [id, number] of [
      ['a', '60'],
      ['b', '0'],
      ['c', 'NULL'],
    ] as const) {
      const columns = 'id, name, hash, prefix, requests_per_minute, created_at';
      sqlite.run(`INSERT INTO gateway_keys (${columns}) VALUES ('${id}', 'x', '${id}', 'gw-', ${number}, 0)`);
    }
  }
  expect(sqlite.query('SELECT id, limits FROM gateway_keys ORDER BY id').values()).toEqual([
    ['a', '{"requestsPerMinute":60}'],
    ['b', '{"requestsPerMinute":0}'],
    ['c', '{}'],
  ]);
});
