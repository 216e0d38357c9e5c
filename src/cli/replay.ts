import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';
import { ReplayPolicy, type ReplayReport, replayLedger } from '../pipeline/replay.ts';
import { loadCatalogue } from './load-catalogue.ts';

/**
 * `bun run replay --policy p.json [--days 30]`: what the last days' requests would have cost under other rules. Asks no
 * provider; reads the features and tokens that the ledger keeps.
 */
const DAY_MS = 86_400_000;

const { values: options } = parseArgs({
  options: {
    policy: { type: 'string' },
    days: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
  },
});

try {
  await run();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function run(): Promise<void> {
  const days = /^\d{1,4}$/.test(options.days) ? Number(options.days) : 0;
  if (days === 0) throw new Error('--days is a number of days, such as 30.');
  const policy = await readPolicy(options.policy);
  const { dataDir } = loadConfig(process.env);
  const path = join(dataDir, 'gateway.db');
  if (!(await Bun.file(path).exists())) throw new Error(`There is no ledger at ${path}.`);
  const registry = await loadCatalogue(dataDir);
  const db = openDatabase(path);
  const report = await replayLedger({
    db,
    registry,
    policy,
    since: Date.now() - days * DAY_MS,
    isConnected: () => true,
  });
  db.close();
  console.log(options.json ? JSON.stringify(report) : describe(report, days));
}

async function readPolicy(path: string | undefined): Promise<ReplayPolicy> {
  if (path === undefined) return ReplayPolicy.parse({});
  const file = Bun.file(path);
  if (!(await file.exists())) throw new Error(`There is no policy at ${path}.`);
  const { success, data, error } = ReplayPolicy.safeParse(await file.json());
  if (success) return data;
  throw new Error(`${path}: ${error.issues.map(({ path: at, message }) => `${at.join('.')} ${message}`).join('; ')}`);
}

function describe(report: ReplayReport, days: number): string {
  const { seen, replayed, leftOut, refused, actualNanoUsd, replayNanoUsd, unpriced, lower, same, higher, byModel } =
    report;
  const share =
    actualNanoUsd > 0 ? ` (${Math.round((100 * (actualNanoUsd - replayNanoUsd)) / actualNanoUsd)} % less)` : '';
  const lines = [
    `${seen} requests of the last ${days} days: ${replayed} replayed, ${leftOut} left out, ${refused} that no model of the policy could answer.`,
    `They cost $${formatNanoUsd(actualNanoUsd)} at the catalogue's prices and would cost $${formatNanoUsd(replayNanoUsd)}${share}.`,
    `${lower} would have gone to a model that scores less, ${same} to one as good, ${higher} to a better one.`,
  ];
  if (unpriced > 0) lines.push(`${unpriced} are in no sum: one of their models has no price.`);
  for (const { model, requests, costNanoUsd } of byModel) {
    lines.push(`  ${String(requests).padStart(6)}  $${formatNanoUsd(costNanoUsd).padStart(12)}  ${model}`);
  }
  return lines.join('\n');
}
