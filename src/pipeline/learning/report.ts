import type { Owner, Source } from './owners.ts';

const MOST = 8;
/** Less than this moves no choice worth telling. */
const LEAST = 0.01;

/** What has been learned, in numbers to look at. Everything is in logits: 0.4 is about ten points of success at one half. */
export interface LearningReport {
  labels: Partial<Record<Source, number>>;
  /** Null = nothing was learned yet. */
  lastAt: number | null;
  /** The models that were moved furthest. */
  models: { model: string; logit: number }[];
  /** The kinds of requests for which weak and strong models were moved furthest. */
  kinds: { kind: string; weak: number; strong: number }[];
}

export function reportOf({ weights, labels, lastAt }: Owner, names: readonly string[]): LearningReport {
  const models = [...weights.models].map(([model, { value }]) => ({ model, logit: round(value) }));
  const kinds = names.map((kind, index) => {
    const level = weights.level[index] ?? 0;
    const tilt = weights.tilt[index] ?? 0;
    return { kind, weak: round(level - tilt), strong: round(level + tilt) };
  });
  return {
    labels: Object.fromEntries(labels),
    lastAt: labels.size === 0 ? null : lastAt,
    models: furthest(models, ({ logit }) => Math.abs(logit)),
    kinds: furthest(kinds, ({ weak, strong }) => Math.max(Math.abs(weak), Math.abs(strong))),
  };
}

function furthest<Item>(items: Item[], distance: (item: Item) => number): Item[] {
  const moved = items.filter((item) => distance(item) >= LEAST);
  return moved.sort((a, b) => distance(b) - distance(a)).slice(0, MOST);
}

function round(logit: number): number {
  return Math.round(logit * 1_000) / 1_000;
}
