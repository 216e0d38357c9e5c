/**
 * How sure an estimated score is, as one standard deviation, in points: it was placed between measured neighbours of its line,
 * which lie four to eight points apart.
 */
const ESTIMATE_SD = 4;
/** So few measured models say nothing of what a price buys. */
const MIN_MEASURED = 5;
/** Ten times the price may buy so many points more or less than the line says, whatever few points lie on it. */
const MIN_PRICE_SD = 4;

/** A model as far as caution looks at it. */
export interface Graded {
  score: number;
  isEstimate: boolean;
  /** Of a token of output; null = unpriced. */
  outputNano: number | null;
}

/** What a score counts as. */
export type Caution = (graded: Graded) => number;

/**
 * A measured score counts as it is. An estimate counts as the lower bound (one standard deviation) of what is known of the
 * model: the estimate itself, and what measured models of its price score, each weighed by how sure it is. A price only ever
 * takes from an estimate: an old model is dear for what it does.
 */
export function cautionOf(all: readonly Graded[]): Caution {
  const line = fit(all.filter(({ isEstimate }) => !isEstimate));
  return ({ score, isEstimate, outputNano }) => {
    if (!isEstimate) return score;
    if (!line || outputNano === null || outputNano <= 0) return Math.max(0, score - ESTIMATE_SD);
    const [own, others] = [1 / ESTIMATE_SD ** 2, 1 / line.sd ** 2];
    const usual = line.start + line.slope * Math.log10(outputNano);
    const both = (own * score + others * Math.min(usual, score)) / (own + others);
    return Math.max(0, both - 1 / Math.sqrt(own + others));
  };
}

/** The line of scores over the decades of price; null where better models are not dearer. */
function fit(measured: readonly Graded[]): { start: number; slope: number; sd: number } | null {
  const points = measured.flatMap(({ score, outputNano }) =>
    outputNano !== null && outputNano > 0 ? [{ x: Math.log10(outputNano), y: score }] : [],
  );
  if (points.length < MIN_MEASURED) return null;
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
  if (!(slope > 0)) return null;
  const start = y - slope * x;
  const missed = points.reduce((sum, point) => sum + (point.y - start - slope * point.x) ** 2, 0);
  return { start, slope, sd: Math.max(MIN_PRICE_SD, Math.sqrt(missed / (points.length - 2))) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
