import { FAIL_HEADS } from '../src/pipeline/classifier/heads.ts';
import { COMPLEXITIES, classify } from '../src/pipeline/classifier/index.ts';
import { requestOf } from './ask.ts';
import { brier, calibrationError, reliability, type Told } from './calibration.ts';
import type { Row } from './data.ts';
import { trainingRows } from './data.ts';
import { prepareRows } from './heads.ts';
import { bootstrap, mean } from './metrics.ts';
import { beforeAndAfter, CALIBRATED_HEADS, passageFolds, taskFolds, tellFolds } from './out-of-fold.ts';
import { figures, tell } from './report.ts';

const TIERS = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'];

/** The shipped levels against the labels of the test part, and whether they are as sure as they are right. */
export function evaluateLevels(rows: readonly Row[]): void {
  const test = rows.filter((row) => row.label !== undefined && row.meta.split === 'test');
  if (test.length === 0) return;
  const judged = test.map((row) => {
    const { complexity, confidence } = classify(requestOf(row.prompt));
    const below = TIERS.indexOf(row.label ?? '') - COMPLEXITIES.indexOf(complexity);
    return { chance: confidence, target: Number(below === 0), below };
  });
  console.log(`\nFour tiers (smoke test): ${test.length} prompts of the test part, which was never learned from`);
  const figure = (read: (told: Told) => number) => bootstrap(judged, (sample) => mean(sample, read));
  tell(
    'accuracy',
    figure((one) => one.target),
    'levels right',
  );
  tell(
    'mean confidence',
    figure((one) => one.chance),
  );
  tell('calibration error of the confidence', bootstrap(judged, calibrationError));
  tell('its Brier score', bootstrap(judged, brier));
  figures.set('levels, calibration error', calibrationError(judged));
  const low = judged.filter((one) => one.below > 1);
  console.log(`  two or more tiers too low                       ${(low.length / test.length).toFixed(3)}`);
  tellReliability(judged);
}

/** Every calibrated head out of fold, before and after: on unseen prompts, and on whole unseen tasks. */
export function evaluateCalibration(all: readonly Row[]): void {
  const rows = trainingRows(all);
  if (rows.length === 0) return;
  const { matrix } = prepareRows(rows);
  const distances = [
    { title: 'prompts never seen', folds: passageFolds(rows), heads: CALIBRATED_HEADS },
    { title: 'whole tasks never seen', folds: taskFolds(rows), heads: [...FAIL_HEADS.keys()] },
  ];
  for (const { title, folds, heads } of distances) {
    console.log(`\nCalibration out of fold, ${title}: error (ECE, ten bins) and Brier score, before > after`);
    for (const head of tellFolds(rows, matrix, { folds, heads })) {
      const { before, after } = beforeAndAfter(head);
      const both = (figure: (told: Told[]) => number): string =>
        `${figure(before).toFixed(3)} > ${figure(after).toFixed(3)}`;
      console.log(`  ${head.head.padEnd(16)}  ${both(calibrationError)}   Brier ${both(brier)}   ${after.length} rows`);
      tellReliability(after);
    }
  }
}

function tellReliability(told: readonly Told[]): void {
  const bins = reliability(told).map((bin) => `${bin.told.toFixed(2)}:${bin.came.toFixed(2)}`);
  console.log(`    told:came  ${bins.join('  ')}`);
}
