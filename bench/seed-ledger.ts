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
  sqlite.run('PRAGMA synchronous = OFF');
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
  for (const [span, ms] of [
    ['hour', 3_600_000],
    ['day', 86_400_000],
  ] as const) {
    for (const [key, group] of [
      ['key_id', 'GROUP BY 2, 3, 4, 5'],
      [`'${ALL_KEYS}'`, 'GROUP BY 2, 4, 5'],
    ]) {
      sqlite.run(`
        INSERT INTO spend
        SELECT '${span}', started_at - started_at % ${ms}, ${key}, provider, model, count(*), sum(outcome = 'error'), 0,
          sum(outcome = 'aborted'), sum(cache = 'hit'), sum(cost_nano_usd IS NULL), 0, sum(duration_ms),
          sum(input_tokens + cache_read_tokens), sum(cache_read_tokens), sum(output_tokens), 0,
          sum(coalesce(cost_nano_usd, 0)), 0, sum(baseline_nano_usd), sum(saved_nano_usd), 0
        FROM requests ${group}`);
      const counted: [kind: string, value: string, where: string][] = [
        ['complexity', 'complexity', 'true'],
        ['duration', 'CAST(floor(log2(duration_ms) * 4) + 1 AS integer)', "outcome = 'ok'"],
        ['first-content', 'CAST(floor(log2(first_content_ms) * 4) + 1 AS integer)', "outcome = 'ok'"],
        ['failure', 'coalesce(error_code, outcome)', "outcome <> 'ok'"],
      ];
      for (const [kind, value, where] of counted) {
        sqlite.run(`
          INSERT INTO counts
          SELECT '${span}', started_at - started_at % ${ms}, ${key}, '${kind}', CAST(${value} AS text), count(*)
          FROM requests WHERE ${where} ${group?.replace(', 4, 5', ', 5')}`);
      }
    }
  }
  sqlite.run('ANALYZE');
  sqlite.run('PRAGMA synchronous = NORMAL');
}
