import type { Db } from '../src/db/client.ts';
import { ALL_KEYS } from '../src/db/queries/spend.ts';

interface Seed {
  rows: number;
  days: number;
  keys: number;
  models: number;
  /** The time of the newest row, in milliseconds. */
  until: number;
}

/**
 * Fills a new database with a ledger of that size, evenly over the days, with its sums. Made of SQL alone, because ten
 * million rows through the ledger's own writer take an hour.
 */
export function seedLedger(db: Db, { rows, days, keys, models, until }: Seed): void {
  const sqlite = db.$client;
  const since = until - days * 86_400_000;
  const step = (days * 86_400_000) / rows;
  // Nothing of it is worth saving from a crash, and an index is made quicker than it is kept.
  for (const fast of ['synchronous = OFF', 'journal_mode = MEMORY', 'cache_size = -1000000', 'temp_store = MEMORY']) {
    sqlite.run(`PRAGMA ${fast}`);
  }
  const made = "FROM sqlite_master WHERE type = 'index' AND tbl_name = 'requests' AND sql IS NOT NULL";
  const indexes = sqlite.query<{ name: string; sql: string }, []>(`SELECT name, sql ${made}`).all();
  for (const { name } of indexes) sqlite.run(`DROP INDEX ${name}`);
  for (let user = 0; user < 10; user++) {
    sqlite.run(
      `INSERT INTO users (id, email, name, password_hash, role, created_at) VALUES ('user-${user}', 'user-${user}@example.com', 'Person ${user}', 'none', '${user === 0 ? 'admin' : 'member'}', ${since})`,
    );
  }
  for (let key = 0; key < keys; key++) {
    sqlite.run(
      `INSERT INTO gateway_keys (id, user_id, name, hash, prefix, created_at) VALUES ('key-${key}', 'user-${key % 10}', 'program ${key}', 'hash-${key}', 'gw-${key}', ${since})`,
    );
  }
  sqlite.run(`
    INSERT INTO requests (id, started_at, duration_ms, first_content_ms, overhead_us, key_id, user_id, endpoint, dialect,
      is_stream, requested_model, outcome, status, error_code, stop_reason, cache, complexity, confidence, strategy, provider,
      model, reported_model, attempt_count, is_simulated, input_tokens, cache_read_tokens, cache_write_short_tokens,
      cache_write_long_tokens, audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, is_usage_estimated,
      cost_nano_usd, price_id, baseline_model, baseline_nano_usd, baseline_price_id, saved_nano_usd, cache_saved_nano_usd)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows - 1}),
    r AS (SELECT i, CAST(${since} + i * ${step} AS integer) AS at, (i * 2654435761) % 4294967296 AS h FROM n)
    SELECT printf('%08x-%04x-7000-8000-%012x', at >> 16, at & 65535, i), at, 200 + h % 9000, 100 + h % 900, 150 + h % 400,
      'key-' || (h % ${keys}), 'user-' || (h % ${keys} % 10), '/v1/chat/completions', 'openai-chat', h % 2, 'auto',
      CASE WHEN h % 200 = 0 THEN 'error' WHEN h % 300 = 0 THEN 'aborted' ELSE 'ok' END,
      CASE WHEN h % 200 = 0 THEN 502 WHEN h % 300 = 0 THEN 499 ELSE 200 END,
      CASE WHEN h % 200 = 0 THEN 'provider_error' END, 'stop', CASE WHEN h % 10 = 0 THEN 'hit' ELSE 'miss' END,
      CASE h % 4 WHEN 0 THEN 'simple' WHEN 1 THEN 'moderate' WHEN 2 THEN 'complex' ELSE 'expert' END, 80, 'balanced',
      CASE h % 3 WHEN 0 THEN 'openai' WHEN 1 THEN 'anthropic' ELSE 'google' END, 'model-' || ((h >> 3) % ${models}), NULL, 1, 0,
      500 + h % 4000, h % 1000, 0, 0, 0, 100 + h % 900, 0, 0, 0,
      CASE WHEN h % 1000 = 1 THEN NULL ELSE 100000 + h % 9000000 END, 'price', 'dear', 20000000, 'price', 15000000, NULL
    FROM r`);
  for (const { sql } of indexes) sqlite.run(sql);
  sumUp(db, { rows, days });
  sqlite.run('ANALYZE');
  for (const safe of ['synchronous = NORMAL', 'journal_mode = WAL', 'cache_size = -32000', 'temp_store = DEFAULT']) {
    sqlite.run(`PRAGMA ${safe}`);
  }
}

const SPENT = [
  ...[
    'requests',
    'errors',
    'refused',
    'aborted',
    'cache_hits',
    'unpriced',
    'estimated',
    'duration_ms',
    'prompt_tokens',
  ],
  ...['cache_read_tokens', 'output_tokens', 'reasoning_tokens', 'cost_nano_usd', 'simulated_nano_usd'],
  ...['baseline_nano_usd', 'saved_nano_usd', 'cache_saved_nano_usd'],
];

/** The sums, day after day, so that each step sorts little: rows are read once by hour and key, the rest is made of that. */
function sumUp(db: Db, { rows, days }: Pick<Seed, 'rows' | 'days'>): void {
  const sqlite = db.$client;
  const dayMs = 86_400_000;
  const share = Math.ceil(rows / days);
  for (let first = 1; first <= rows; first += share) {
    // A day of rows lies in two UTC days; what is there already is added to.
    const part = `FROM requests WHERE rowid BETWEEN ${first} AND ${first + share - 1}`;
    const hour = 'started_at - started_at % 3600000 AS start';
    sqlite.run(`
      CREATE TEMP TABLE part AS
      SELECT ${hour}, key_id, provider, model, count(*) AS requests, sum(outcome = 'error') AS errors, 0 AS refused,
        sum(outcome = 'aborted') AS aborted, sum(cache = 'hit') AS cache_hits, sum(cost_nano_usd IS NULL) AS unpriced,
        0 AS estimated, sum(duration_ms) AS duration_ms, sum(input_tokens + cache_read_tokens) AS prompt_tokens,
        sum(cache_read_tokens) AS cache_read_tokens, sum(output_tokens) AS output_tokens, 0 AS reasoning_tokens,
        sum(coalesce(cost_nano_usd, 0)) AS cost_nano_usd, 0 AS simulated_nano_usd,
        sum(baseline_nano_usd) AS baseline_nano_usd, sum(saved_nano_usd) AS saved_nano_usd, 0 AS cache_saved_nano_usd
      ${part} GROUP BY 1, 2, 3, 4`);
    sqlite.run(`
      CREATE TEMP TABLE counted AS
      SELECT ${hour}, key_id, 'complexity' AS kind, complexity AS value, count(*) AS requests ${part} GROUP BY 1, 2, 4
      UNION ALL SELECT ${hour}, key_id, 'duration', ${timeClass('duration_ms')}, count(*)
        ${part} AND outcome = 'ok' GROUP BY 1, 2, 4
      UNION ALL SELECT ${hour}, key_id, 'first-content', ${timeClass('first_content_ms')}, count(*)
        ${part} AND outcome = 'ok' GROUP BY 1, 2, 4
      UNION ALL SELECT ${hour}, key_id, 'failure', coalesce(error_code, outcome), count(*)
        ${part} AND outcome <> 'ok' GROUP BY 1, 2, 4`);
    for (const [span, start] of [
      ['hour', 'start'],
      ['day', `start - start % ${dayMs}`],
    ]) {
      for (const key of ['key_id', `'${ALL_KEYS}'`]) {
        sqlite.run(`
          INSERT INTO spend SELECT '${span}', ${start}, ${key}, provider, model, ${SPENT.map((name) => `sum(${name})`)}
          FROM part WHERE true GROUP BY 2, 3, 4, 5
          ON CONFLICT DO UPDATE SET ${SPENT.map((name) => `${name} = ${name} + excluded.${name}`)}`);
        sqlite.run(`
          INSERT INTO counts SELECT '${span}', ${start}, ${key}, kind, value, sum(requests)
          FROM counted WHERE true GROUP BY 2, 3, 4, 5 ON CONFLICT DO UPDATE SET requests = requests + excluded.requests`);
      }
    }
    sqlite.run('DROP TABLE part');
    sqlite.run('DROP TABLE counted');
  }
}

/** Of `lib/histogram.ts`, in SQL. */
function timeClass(column: string): string {
  return `CAST(CAST(floor(log2(${column}) * 4) + 1 AS integer) AS text)`;
}
