import type { Row } from './data.ts';
import { familyOf } from './failures.ts';
import { foldsOf, groupByPassages, passagesOf } from './groups.ts';
import { learnHeads, prepareRows } from './heads.ts';
import { auc, type Interval, mean, weightedAuc } from './metrics.ts';
import { isMisjudged, MODEL_CLASSES, modelClassOf } from './model-classes.ts';
import { passageFolds } from './out-of-fold.ts';
import { createRandom, shuffled } from './random.ts';
import { type Matrix, predict } from './regression.ts';
import { requestKindOf } from './request-kinds.ts';

/*
 * How well failures of models are foretold that the heads have never seen, on prompts they have never seen. Three distances:
 * whole families of sets unseen, whole kinds of work unseen, or only the prompts; the models are unseen in all of them.
 */

const ROUNDS = 100;
const FOLDS = 4;
/** Half of the makers, such that both halves were asked in every set. */
const ONE_HALF = /llama|nemotron|gpt|^o1|yi-|reka|command|phi|grok|athene/i;

/** What was told of one answer of one model. */
interface Foretold {
  score: number;
  isPositive: boolean;
  /** Prompts that share a passage are drawn together. */
  group: number;
}

/** All that was told of one model, on the prompts of one family of sets. */
interface ModelTold {
  model: string;
  family: string;
  told: Foretold[];
}

export interface TransferFigures {
  /** By family, the mean over its models. */
  families: { family: string; auc: number; lengthAuc: number; models: number }[];
  /** The mean over families. */
  mean: Interval;
  /** Models that were asked in several families, over all their prompts at once: a mixed pool. */
  pooled: Interval;
}

export interface TransferLab {
  rows: Row[];
  matrix: Matrix;
  passages: number[][];
  groups: Int32Array;
}

/** One time of learning and telling. */
interface Trial {
  isTest: (row: Row, index: number) => boolean;
  learnsFrom: (model: string) => boolean;
  tells: (model: string) => boolean;
}

export function prepareTransfer(all: readonly Row[]): TransferLab {
  const rows = all.filter((row) => Object.keys(row.scores).length > 0);
  const prompts = rows.map((row) => row.prompt);
  return {
    rows,
    matrix: prepareRows(rows).matrix,
    passages: prompts.map(passagesOf),
    groups: groupByPassages(prompts),
  };
}

/** Each family of sets, told by what was learned from the others and from other models. */
export function familiesUnseen(lab: TransferLab, shuffleSeed?: number): TransferFigures {
  const families = [...new Set(lab.rows.map(familyOf))];
  const trials = families.map((family): Trial => {
    const own = new Set(
      lab.rows.filter((row) => familyOf(row) === family).flatMap((row) => Object.keys(row.scores).map(bareName)),
    );
    return {
      isTest: (row) => familyOf(row) === family,
      learnsFrom: (model) => !own.has(bareName(model)),
      tells: () => true,
    };
  });
  return figuresOf(lab, trials, shuffleSeed);
}

/** Whole kinds of work, wherever they come from, told by what was learned from other kinds and models of other makers. */
export function kindsUnseen(lab: TransferLab): TransferFigures {
  const kinds = lab.rows.map((row) => requestKindOf(row) ?? row.task);
  const names = [...new Set(kinds)];
  return figuresOf(
    lab,
    trialsByFold(
      foldsOf(
        kinds.map((kind) => names.indexOf(kind)),
        FOLDS,
        1,
      ),
    ),
  );
}

/** Prompts of known tasks, told by what was learned from other prompts and from models of other makers. */
export function promptsUnseen(lab: TransferLab): TransferFigures {
  return figuresOf(lab, trialsByFold(passageFolds(lab.rows)));
}

function trialsByFold(folds: Int32Array): Trial[] {
  return [...new Set(folds)].flatMap((fold) =>
    [true, false].map((half) => ({
      isTest: (_: Row, index: number) => folds[index] === fold,
      learnsFrom: (model: string) => ONE_HALF.test(model) !== half,
      tells: (model: string) => ONE_HALF.test(model) === half,
    })),
  );
}

function figuresOf(lab: TransferLab, trials: readonly Trial[], shuffleSeed?: number): TransferFigures {
  const models = new Map<string, ModelTold>();
  const lengths = new Map<string, ModelTold>();
  for (const trial of trials) {
    const { tests, logits } = learnTrial(lab, trial, shuffleSeed);
    for (const index of tests) {
      const row = lab.rows[index];
      if (!row) continue;
      for (const [model, score] of Object.entries(row.scores)) {
        if (!trial.tells(model) || isMisjudged(model)) continue;
        const answer = { isPositive: score < 0.5, group: lab.groups[index] ?? 0 };
        const family = familyOf(row);
        const logit = logits[MODEL_CLASSES.indexOf(modelClassOf(model))]?.[index] ?? 0;
        add(models, { model, family }, { ...answer, score: logit });
        add(lengths, { model, family }, { ...answer, score: row.prompt.length });
      }
    }
  }
  return summarise([...models.values()], [...lengths.values()], lab.groups);
}

function add(to: Map<string, ModelTold>, { model, family }: Omit<ModelTold, 'told'>, told: Foretold): void {
  const key = `${family}/${model}`;
  const known = to.get(key);
  if (known) known.told.push(told);
  else to.set(key, { model, family, told: [told] });
}

function learnTrial({ rows, matrix, passages }: TransferLab, trial: Trial, shuffleSeed?: number) {
  const indices = [...rows.keys()];
  const tests = indices.filter((index) => rows[index] && trial.isTest(rows[index], index));
  const isTest = new Set(tests);
  const known = new Set(tests.flatMap((index) => passages[index] ?? []));
  const among = indices.filter((index) => !isTest.has(index) && !passages[index]?.some((one) => known.has(one)));
  const seen = rows.map((row) => ({
    ...row,
    scores: Object.fromEntries(Object.entries(row.scores).filter(([model]) => trial.learnsFrom(model))),
  }));
  const heads = learnHeads(shuffleSeed === undefined ? seen : shuffleScores(seen, among, shuffleSeed), matrix, {
    among: Int32Array.from(among),
    heads: [...MODEL_CLASSES.keys()],
  });
  const logits = heads.map((head) => {
    const told = new Float64Array(rows.length);
    for (const index of tests) told[index] = predict(matrix, head, index);
    return told;
  });
  return { tests, logits };
}

/** The control: each prompt gets the outcomes of another one of its family. */
function shuffleScores(rows: readonly Row[], among: readonly number[], seed: number): Row[] {
  const mixed = [...rows];
  for (const family of Map.groupBy(among, (index) => familyOf(rows[index])).values()) {
    const order = shuffled(family, seed);
    family.forEach((index, position) => {
      const [row, other] = [rows[index], rows[order[position] ?? index]];
      if (row && other) mixed[index] = { ...row, scores: other.scores };
    });
  }
  return mixed;
}

function summarise(models: readonly ModelTold[], lengths: readonly ModelTold[], groups: Int32Array): TransferFigures {
  const usable = models.filter(({ told }) => told.some((one) => one.isPositive) && told.some((one) => !one.isPositive));
  const sorted = usable.map((one) => ({ ...one, told: [...one.told].sort((a, b) => a.score - b.score) }));
  const families = [...new Set(sorted.map((one) => one.family))];
  const several = [...Map.groupBy(sorted, (one) => bareName(one.model)).values()]
    .filter((same) => same.length > 1)
    .map((same) => same.flatMap((one) => one.told).sort((a, b) => a.score - b.score));
  const byFamily = families.map((family) => sorted.filter((one) => one.family === family).map((one) => one.told));
  const meanAuc = (models: readonly Foretold[][], weights: Float64Array): number => {
    // A model that never failed in what was drawn tells nothing.
    const values = models.map((told) => weightedAuc(told, weights)).filter((value) => !Number.isNaN(value));
    return mean(values, (value) => value);
  };
  const meanOf = (weights: Float64Array): number => mean(byFamily, (models) => meanAuc(models, weights));
  const pooledOf = (weights: Float64Array): number => meanAuc(several, weights);
  return {
    families: families.map((family) => {
      const own = sorted.filter((one) => one.family === family);
      return {
        family,
        models: own.length,
        auc: mean(own, (one) => auc(one.told)),
        lengthAuc: mean(
          lengths.filter((one) => own.some(({ model }) => model === one.model) && one.family === family),
          (one) => auc(one.told),
        ),
      };
    }),
    mean: resampled(groups, meanOf),
    pooled: resampled(groups, pooledOf),
  };
}

/** A figure with the middle 95 % of what it reads when whole groups of prompts are drawn again. */
function resampled(groups: Int32Array, figure: (weights: Float64Array) => number): Interval {
  const names = [...new Set(groups)];
  const size = Math.max(...names) + 1;
  const random = createRandom(7);
  const values = Array.from({ length: ROUNDS }, () => {
    const weights = new Float64Array(size);
    for (let draw = 0; draw < names.length; draw++) {
      const name = names[Math.floor(random() * names.length)] ?? 0;
      weights[name] = (weights[name] ?? 0) + 1;
    }
    return figure(weights);
  }).sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  return { value: figure(new Float64Array(size).fill(1)), low: at(0.025), high: at(0.975) };
}

/** `Meta-Llama-3_1-8B-Instruct`, `llama-3.1-8b-instruct` and `Llama-3.1-8B-Inst` are one model. */
function bareName(model: string): string {
  return model
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/@.*$/, '')
    .replaceAll('_', '.')
    .replace(/meta-|-inst(ruct)?(?=-|$)|-turbo|-fp8/g, '');
}
