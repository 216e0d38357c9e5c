import type { Row } from './data.ts';
import { mean } from './metrics.ts';
import { figures, tell } from './report.ts';
import { familiesUnseen, kindsUnseen, prepareTransfer, promptsUnseen, type TransferFigures } from './transfer.ts';

/** The short form learns from, and is tried on, every other prompt. */
const SHORT_EVERY = 2;
const CONTROL_SEEDS = [101, 102, 103, 104, 105];

/** How well failures are foretold of models that the heads have never seen, the further from what they know the harder. */
export function evaluateTransfer(all: readonly Row[], isShort: boolean): void {
  const lab = prepareTransfer(isShort ? all.filter((_, index) => index % SHORT_EVERY === 0) : all);
  if (lab.rows.length === 0) return;
  tellFigures('whole sets and models never seen', familiesUnseen(lab), 'failure auc, unseen sets');
  if (isShort) return;
  tellFigures('whole kinds of work and models never seen', kindsUnseen(lab));
  tellFigures('prompts and models never seen', promptsUnseen(lab));
  const control = mean(CONTROL_SEEDS, (seed) => familiesUnseen(lab, seed).mean.value);
  console.log(`  control: shuffled outcomes, mean of 5           ${control.toFixed(3)}  (has to be .50 +- .03)`);
  figures.set('control of foretelling', control);
}

function tellFigures(title: string, { families, mean: all, pooled }: TransferFigures, name?: string): void {
  console.log(`\nFailure AUC, zero-shot: ${title}`);
  for (const { family, auc, lengthAuc, models } of families) {
    console.log(`  ${family.padEnd(46)}  ${auc.toFixed(3)}  (length ${lengthAuc.toFixed(3)}), ${models} models`);
  }
  tell('mean over sets', all, name);
  tell('models of several sets, all prompts mixed', pooled);
}
