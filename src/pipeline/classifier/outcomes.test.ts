import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { plainRequest as ask } from '../../chat/fixture.ts';
import { COMPLEXITIES, classify } from './index.ts';

// Real prompts with real outcomes, when they lie beside the repository. Figures are printed, floors are asserted.

const FOLDER = join(import.meta.dir, '../../../../shared/routing');
const STRONG = 'gpt-4-1106-preview';
const WEAK = 'mistralai/Mixtral-8x7B-Instruct-v0.1';
const DECILES = 10;

const Row = z.object({
  task: z.string(),
  prompt: z.string(),
  scores: z.record(z.string(), z.number()).default({}),
  label: z.string().optional(),
  meta: z.object({ contaminated: z.boolean().optional(), src: z.string().optional(), split: z.string().optional() }),
});
type Row = z.infer<typeof Row>;

const isThere = existsSync(FOLDER);
if (!isThere) console.log('skipped: the classifier against outcome data, because ../shared/routing is not there');

test.skipIf(!isThere)('the four tiers of the public tier set come out in their order', () => {
  const rows = load('uncommonroute_tiers').filter((row) => row.meta.split === 'test');
  const means = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'].map((label) =>
    mean(rows.filter((row) => row.label === label).map((row) => difficultyOf(row))),
  );
  console.log(`tiers: mean difficulty ${means.map((value) => value.toFixed(2)).join(' < ')} of ${rows.length} prompts`);
  const [simple = 1, medium = 0, complex = 0, reasoning = 0] = means;
  expect(simple).toBeLessThan(medium);
  expect(medium).toBeLessThan(complex);
  expect(complex).toBeLessThanOrEqual(reasoning);
});

test.skipIf(!isThere)('the level is the one people gave it, nine times in ten', () => {
  const rows = load('uncommonroute_tiers').filter((row) => row.meta.split === 'test');
  const TIERS = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'];
  const judged = rows.map((row) => classify(ask(row.prompt)));
  const accuracy = mean(
    rows.map((row, index) =>
      Number(COMPLEXITIES.indexOf(judged[index]?.complexity ?? 'simple') === TIERS.indexOf(row.label ?? '')),
    ),
  );
  const confidence = mean(judged.map((one) => one.confidence));
  console.log(`tiers: accuracy ${accuracy.toFixed(3)} at a mean confidence of ${confidence.toFixed(3)}`);
  expect(accuracy).toBeGreaterThanOrEqual(0.93);
  // As sure of itself as it is right.
  expect(Math.abs(confidence - accuracy)).toBeLessThan(0.05);
});

test.skipIf(!isThere)('difficulty ranks who needs the strong model better than chance', () => {
  const mmlu = apgr(load('routellm_mmlu'), difficultyOf);
  const gsm8k = apgr(load('routellm_gsm8k'), difficultyOf);
  console.log(`APGR without labels of these sets: MMLU ${mmlu.toFixed(3)}, GSM8K ${gsm8k.toFixed(3)}`);
  expect(mmlu).toBeGreaterThanOrEqual(0.61);
  expect(gsm8k).toBeGreaterThanOrEqual(0.585);
});

test.skipIf(!isThere)('a score that knows nothing reads one half by the same metric', () => {
  expect(Math.abs(apgr(load('routellm_mmlu'), () => 0) - 0.5)).toBeLessThan(0.03);
});

test.skipIf(!isThere)('hard science is hardly ever simple', () => {
  const HARD = ['chemistry', 'physics', 'engineering', 'math', 'biology'];
  const pro = load('mmlu_pro').filter((row) => HARD.includes(row.task) && !row.meta.src?.startsWith('ori_mmlu'));
  const gpqa = load('llmrouter_dc').filter((row) => row.task === 'gpqa');
  for (const [name, rows] of [['MMLU-Pro science', pro] as const, ['GPQA', gpqa] as const]) {
    const levels = rows.map((row) => classify(ask(row.prompt)).complexity);
    const shares = COMPLEXITIES.map((level) => levels.filter((found) => found === level).length / levels.length);
    console.log(`${name}: ${COMPLEXITIES.map((level, index) => `${level} ${shares[index]?.toFixed(2)}`).join(', ')}`);
    expect(shares[0]).toBeLessThan(0.05);
    expect((shares[2] ?? 0) + (shares[3] ?? 0)).toBeGreaterThan(0.5);
  }
});

/** RouteLLM's area under the performance gap recovered: thresholds at the deciles of the score, ties in any order. */
function apgr(rows: Row[], scoreOf: (row: Row) => number): number {
  const ranked = rows
    .map((row, index) => ({ row, score: scoreOf(row), tie: Math.imul(index + 1, 0x9e3779b1) >>> 0 }))
    .sort((a, b) => b.score - a.score || a.tie - b.tie)
    .map(({ row }) => row);
  const strong = mean(ranked.map((row) => row.scores[STRONG] ?? 0));
  const weak = mean(ranked.map((row) => row.scores[WEAK] ?? 0));

  let area = 0;
  let last = { share: 0, recovered: 0 };
  for (let decile = 1; decile <= DECILES; decile++) {
    const cut = Math.round((ranked.length * decile) / DECILES);
    const quality = mean(ranked.map((row, index) => row.scores[index < cut ? STRONG : WEAK] ?? 0));
    const next = { share: cut / ranked.length, recovered: (quality - weak) / (strong - weak) };
    area += ((next.share - last.share) * (next.recovered + last.recovered)) / 2;
    last = next;
  }
  return area;
}

function load(name: string): Row[] {
  const text = new TextDecoder().decode(Bun.gunzipSync(readFileSync(join(FOLDER, `${name}.jsonl.gz`))));
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Row.parse(JSON.parse(line)));
  return rows.filter((row) => row.meta.contaminated !== true);
}

function difficultyOf(row: Row): number {
  return classify(ask(row.prompt)).difficulty;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
