import type { DataSet, Row } from './data.ts';
import { passagesOf } from './groups.ts';
import { learnHeads, prepareRows } from './heads.ts';
import { auc } from './metrics.ts';
import { isMisjudged, MODEL_CLASSES, modelClassOf } from './model-classes.ts';
import { predict } from './regression.ts';

export interface Transfer {
  model: string;
  auc: number;
}

/** How well failures of a set's models are foretold by heads that learned from other sets and no prompt like these. */
export function foretell(held: readonly DataSet[], others: readonly DataSet[]): Transfer[] {
  const tests = held.flatMap((set) => set.rows);
  const known = new Set(tests.flatMap((row) => passagesOf(row.prompt)));
  const trained = others
    .flatMap((set) => set.rows)
    .filter((row) => !passagesOf(row.prompt).some((one) => known.has(one)));
  const rows = [...trained, ...tests];
  const { matrix } = prepareRows(rows);
  const heads = learnHeads(rows, matrix, {
    among: Int32Array.from(trained.keys()),
    heads: MODEL_CLASSES.map((_, head) => head),
  });
  const logits = heads.map((head) =>
    Float64Array.from(tests, (_, index) => predict(matrix, head, trained.length + index)),
  );
  return failureAucs(tests, (index, head) => logits[head]?.[index] ?? 0);
}

/** For each model of a set: how well the head of its class tells its failures from its successes. */
export function failureAucs(rows: readonly Row[], logitOf: (index: number, head: number) => number): Transfer[] {
  const models = [...new Set(rows.flatMap((row) => Object.keys(row.scores)))].filter((model) => !isMisjudged(model));
  return models
    .map((model) => {
      const head = MODEL_CLASSES.indexOf(modelClassOf(model));
      const scored = rows.flatMap((row, index) => {
        const score = row.scores[model];
        return score === undefined ? [] : [{ score: logitOf(index, head), isPositive: score < 0.5 }];
      });
      return { model, auc: auc(scored) };
    })
    .filter((one) => !Number.isNaN(one.auc));
}
