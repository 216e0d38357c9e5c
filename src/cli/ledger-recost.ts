import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import { recostLedger } from '../jobs/recost-ledger.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';
import { loadCatalogue } from './load-catalogue.ts';

/**
 * `bun run ledger:recost --since 2026-11-01 [--until 2026-12-01] [--dry-run]`: works the ledger out anew with the prices the
 * catalogue has now, each request by those of its own day. What was booked before is kept, in the table `recosts`.
 */
const DAY = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/;

const { values: options } = parseArgs({
  options: {
    since: { type: 'string' },
    until: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  },
});

try {
  await run();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function run(): Promise<void> {
  if (options.since === undefined) throw new Error('Say from when on: --since 2026-11-01');
  const since = readTime('--since', options.since);
  const until = options.until === undefined ? undefined : readTime('--until', options.until);
  const { dataDir } = loadConfig(process.env);
  const registry = await loadCatalogue(dataDir);
  const path = join(dataDir, 'gateway.db');
  if (!(await Bun.file(path).exists())) throw new Error(`There is no ledger at ${path}.`);

  const db = openDatabase(path);
  const mode = options['dry-run'] ? 'print' : 'write';
  const result = await recostLedger({ db, registry, since, until, mode, now: Date.now });
  db.close();

  const { seen, changed, unknown, oldNanoUsd, newNanoUsd, priced, unpriced } = result;
  console.log(`${seen} requests, ${changed} ${mode === 'write' ? 'booked anew' : 'would be booked anew'}.`);
  if (changed > 0) console.log(`They cost $${formatNanoUsd(oldNanoUsd)} and cost $${formatNanoUsd(newNanoUsd)} now.`);
  if (priced > 0) console.log(`${priced} that were unpriced have a price now.`);
  if (unpriced > 0) console.log(`${unpriced} that had a price are unpriced now.`);
  if (unknown > 0) console.log(`${unknown} stay as they are: their model is not in the catalogue.`);
  if (changed > 0 && mode === 'write') console.log('A running gateway counts its budgets anew at its next start.');
}

function readTime(name: string, text: string): number {
  const at = DAY.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Error(`${name} is a day or a time in UTC, such as 2026-11-01 or 2026-11-01T12:00Z.`);
  return at;
}
