/** Rows of a sparse matrix, one after another: row i has the columns from `starts[i]` to `starts[i + 1]`. */
export interface Matrix {
  starts: Int32Array;
  columns: Int32Array;
  values: Float32Array;
  width: number;
}

export interface Problem {
  matrix: Matrix;
  /** Which rows to learn from. */
  rows: Int32Array;
  /** What is to be predicted, from 0 to 1, by row of the matrix. */
  targets: Float64Array;
  /** How much each row counts, by row of the matrix; 1 when absent. */
  weights?: Float64Array | undefined;
  /** How firmly each column is held at its start. */
  penalties: Float64Array;
  /** Where the weights start from and are drawn back to; 0 when absent. One more than columns: the last is the bias. */
  start?: Float64Array | undefined;
  /** `logistic` unless told; `squared` for targets that are no chances, such as the difference of two scores. */
  loss?: 'logistic' | 'squared';
  steps?: number;
}

const MEMORY = 8;

/** Logistic regression by L-BFGS: the weights of the columns, and the bias after them, which nothing holds back. */
export function fitLogistic(problem: Problem): Float64Array {
  const { matrix, steps = 40 } = problem;
  const size = matrix.width + 1;
  const anchor = problem.start ?? new Float64Array(size);
  const at = Float64Array.from(anchor);
  const gradient = new Float64Array(size);
  let loss = lossAt(problem, { at, anchor, gradient });
  const moves: Float64Array[] = [];
  const turns: Float64Array[] = [];

  for (let step = 0; step < steps; step++) {
    const direction = descent(gradient, moves, turns);
    const slope = dot(direction, gradient);
    if (slope > -1e-12) break;
    let length = step === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let nextLoss = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < 20; halving++, length /= 2) {
      for (let index = 0; index < size; index++) next[index] = (at[index] ?? 0) + length * (direction[index] ?? 0);
      nextLoss = lossAt(problem, { at: next, anchor, gradient: nextGradient });
      if (nextLoss <= loss + 1e-4 * length * slope) break;
    }
    if (!(nextLoss < loss)) break;
    const move = new Float64Array(size);
    const turn = new Float64Array(size);
    for (let index = 0; index < size; index++) {
      move[index] = (next[index] ?? 0) - (at[index] ?? 0);
      turn[index] = (nextGradient[index] ?? 0) - (gradient[index] ?? 0);
    }
    if (dot(move, turn) > 1e-12) {
      moves.push(move);
      turns.push(turn);
      if (moves.length > MEMORY) {
        moves.shift();
        turns.shift();
      }
    }
    const gain = loss - nextLoss;
    at.set(next);
    gradient.set(nextGradient);
    loss = nextLoss;
    if (gain < 1e-6 * Math.abs(loss)) break;
  }
  return at;
}

interface Point {
  at: Float64Array;
  anchor: Float64Array;
  /** Filled with the gradient at this point. */
  gradient: Float64Array;
}

function lossAt(problem: Problem, { at, anchor, gradient }: Point): number {
  const { matrix, rows, targets, weights, penalties } = problem;
  const isSquared = problem.loss === 'squared';
  const { starts, columns, values, width } = matrix;
  const bias = at[width] as number;
  let loss = 0;
  let biasGradient = 0;
  for (let index = 0; index < width; index++) {
    const away = (at[index] as number) - (anchor[index] as number);
    const pull = penalties[index] as number;
    loss += 0.5 * pull * away * away;
    gradient[index] = pull * away;
  }
  for (let position = 0; position < rows.length; position++) {
    const row = rows[position] as number;
    const from = starts[row] as number;
    const to = starts[row + 1] as number;
    let logit = bias;
    for (let index = from; index < to; index++)
      logit += (at[columns[index] as number] as number) * (values[index] as number);
    const target = targets[row] as number;
    const weight = weights ? (weights[row] as number) : 1;
    const error = weight * ((isSquared ? logit : 1 / (1 + Math.exp(-logit))) - target);
    loss += isSquared
      ? 0.5 * error * (logit - target)
      : weight * (Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit))));
    biasGradient += error;
    for (let index = from; index < to; index++) {
      const column = columns[index] as number;
      gradient[column] = (gradient[column] as number) + error * (values[index] as number);
    }
  }
  gradient[width] = biasGradient;
  return loss;
}

function descent(gradient: Float64Array, moves: Float64Array[], turns: Float64Array[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const scales: number[] = [];
  for (let index = moves.length - 1; index >= 0; index--) {
    const [move, turn] = [moves[index], turns[index]];
    if (!move || !turn) continue;
    const scale = dot(move, direction) / dot(turn, move);
    scales[index] = scale;
    add(direction, turn, -scale);
  }
  const [move, turn] = [moves.at(-1), turns.at(-1)];
  if (move && turn) {
    const size = dot(move, turn) / dot(turn, turn);
    for (let index = 0; index < direction.length; index++) direction[index] = (direction[index] ?? 0) * size;
  }
  for (let index = 0; index < moves.length; index++) {
    const [move, turn] = [moves[index], turns[index]];
    if (!move || !turn) continue;
    add(direction, move, (scales[index] ?? 0) - dot(turn, direction) / dot(turn, move));
  }
  return direction;
}

function add(to: Float64Array, other: Float64Array, factor: number): void {
  for (let index = 0; index < to.length; index++) to[index] = (to[index] as number) + factor * (other[index] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

/** The logit of one row. */
export function predict({ starts, columns, values, width }: Matrix, weights: Float64Array, row: number): number {
  let logit = weights[width] ?? 0;
  for (let index = starts[row] ?? 0; index < (starts[row + 1] ?? 0); index++) {
    logit += (weights[columns[index] ?? 0] ?? 0) * (values[index] ?? 0);
  }
  return logit;
}
