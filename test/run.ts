import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs the static checks and all tests, and sums them up in a last line `N passed, N failed`. */

const ROOT = join(import.meta.dir, '..');
const REPORT = join(ROOT, 'test-results/junit.xml');

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

async function run(command: string[]): Promise<number> {
  console.log(`\n$ ${command.join(' ')}`);
  return await Bun.spawn(command, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }).exited;
}

async function check(name: string): Promise<Count> {
  const isFine = (await run(['bun', 'run', name])) === 0;
  return { passed: Number(isFine), failed: Number(!isFine), skipped: 0 };
}

async function runTests(): Promise<Count> {
  await rm(REPORT, { force: true });
  await mkdir(join(ROOT, 'test-results'), { recursive: true });
  const status = await run([
    'bun',
    'test',
    // A machine that is busy with something else is no failure.
    '--timeout=30000',
    '--reporter=junit',
    `--reporter-outfile=${REPORT}`,
    ...process.argv.slice(2),
  ]);
  const report = Bun.file(REPORT);
  const xml = (await report.exists()) ? await report.text() : '';
  const number = (name: string): number => Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const failures = number('failures') + number('errors');
  // A file that throws while it is loaded is not in the report; only the status tells.
  const failed = status !== 0 && failures === 0 ? 1 : failures;
  const skipped = number('skipped');
  return { passed: Math.max(0, number('tests') - failures - skipped), failed, skipped };
}

// The figures of the classifier are held against their floors where the outcome data lies beside the repository.
const counts = [await check('check:types'), await check('check:style'), await runTests(), await check('lab:gate')];
const sum = (field: keyof Count): number => counts.reduce((total, count) => total + count[field], 0);
console.log(
  `\n${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`,
);
process.exit(sum('failed') > 0 || sum('passed') === 0 ? 1 : 0);
