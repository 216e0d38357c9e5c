import { createRandom } from './random.ts';

/** One prompt of a pair: what the router thinks, and how both models did. */
export interface PairOutcome {
  /** High = send it to the strong model. */
  score: number;
  strong: number;
  weak: number;
}

export interface PairFigures {
  /** Area under the performance gap recovered; random = 0.5. */
  apgr: number;
  /** Smallest share of strong calls that recovers half, and four fifths, of the gap. */
  cpt50: number;
  cpt80: number;
}

const DECILES = 10;

/** RouteLLM's figures (arXiv 2406.18665): thresholds at the deciles of the score, trapezoids between, ties at random. */
export function pairFigures(outcomes: readonly PairOutcome[], seed = 1): PairFigures {
  const points = recoveredByShare(outcomes, seed);
  let apgr = 0;
  for (let index = 1; index < points.length; index++) {
    const [before, here] = [points[index - 1], points[index]];
    if (before && here) apgr += ((here.share - before.share) * (here.recovered + before.recovered)) / 2;
  }
  return { apgr, cpt50: shareFor(points, 0.5), cpt80: shareFor(points, 0.8) };
}

interface Point {
  share: number;
  recovered: number;
}

function recoveredByShare(outcomes: readonly PairOutcome[], seed: number): Point[] {
  const ranked = rankByScore(outcomes, seed);
  const strong = mean(ranked, (one) => one.strong);
  const weak = mean(ranked, (one) => one.weak);
  let quality = weak * ranked.length;
  const points: Point[] = [{ share: 0, recovered: 0 }];
  let taken = 0;
  for (let decile = 1; decile <= DECILES; decile++) {
    const cut = Math.round((ranked.length * decile) / DECILES);
    for (; taken < cut; taken++) quality += (ranked[taken]?.strong ?? 0) - (ranked[taken]?.weak ?? 0);
    points.push({ share: cut / ranked.length, recovered: (quality / ranked.length - weak) / (strong - weak) });
  }
  return points;
}

function shareFor(points: readonly Point[], recovered: number): number {
  for (let index = 1; index < points.length; index++) {
    const [before, here] = [points[index - 1], points[index]];
    if (!before || !here || here.recovered < recovered) continue;
    const part = (recovered - before.recovered) / (here.recovered - before.recovered);
    return before.share + part * (here.share - before.share);
  }
  return 1;
}

/** Highest score first; equal ones in an order that knows nothing. */
export function rankByScore<Scored extends { score: number }>(outcomes: readonly Scored[], seed: number): Scored[] {
  const random = createRandom(seed);
  return outcomes
    .map((outcome) => ({ outcome, tie: random() }))
    .sort((a, b) => b.outcome.score - a.outcome.score || a.tie - b.tie)
    .map(({ outcome }) => outcome);
}

/** The chance that a prompt that failed has a higher score than one that did not; ties count half. */
export function auc(scored: readonly { score: number; isPositive: boolean }[]): number {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end++;
    const rank = (start + end + 1) / 2;
    for (; start < end; start++) {
      if (!sorted[start]?.isPositive) continue;
      rankSum += rank;
      positives++;
    }
  }
  const negatives = sorted.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The same for what is sorted by score already, each counting as often as its group was drawn. */
export function weightedAuc(
  sorted: readonly { score: number; isPositive: boolean; group: number }[],
  weights: Float64Array,
): number {
  let positives = 0;
  let negatives = 0;
  let won = 0;
  for (let start = 0; start < sorted.length; ) {
    const score = sorted[start]?.score;
    let [tiedPositives, tiedNegatives] = [0, 0];
    for (let one = sorted[start]; one !== undefined && one.score === score; one = sorted[++start]) {
      const weight = weights[one.group] ?? 0;
      if (one.isPositive) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    won += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return won / (positives * negatives);
}

export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** A figure with the middle 95 % of what it reads on resampled rows. */
export function bootstrap<Item>(items: readonly Item[], figure: (items: Item[]) => number, rounds = 200): Interval {
  const random = createRandom(7);
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const sample = Array.from({ length: items.length }, () => items[Math.floor(random() * items.length)]);
    values.push(figure(sample.filter((item): item is Item => item !== undefined)));
  }
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  return { value: figure([...items]), low: at(0.025), high: at(0.975) };
}

export function mean<Item>(items: readonly Item[], read: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += read(item);
  return items.length === 0 ? Number.NaN : sum / items.length;
}
