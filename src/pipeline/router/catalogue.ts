import { isEstimate } from '../../../registry/estimate.ts';
import type { Registry } from '../../../registry/load.ts';
import { findPriceRow, priceTokens } from '../../../registry/price.ts';
import type { Model, PriceRow } from '../../../registry/schema.ts';
import { type Caution, cautionOf, type Graded } from './caution.ts';
import type { Complexity, TaskKind } from './decision.ts';

const MILLION = 1_000_000;
const NO_TOKENS = {
  input: 0,
  cacheRead: 0,
  cacheWriteShort: 0,
  cacheWriteLong: 0,
  audioInput: 0,
  output: 0,
  reasoning: 0,
  audioOutput: 0,
};

/** The quality a model needs for each complexity, as its place among the catalogue's models from worst (0) to best (1). */
export const FLOOR_QUANTILES: Record<Complexity, number> = { simple: 0.05, moderate: 0.3, complex: 0.55, expert: 0.8 };

/** The share of the scored models that must have a score of a kind before models are compared by it. */
const MIN_COVERAGE = 0.7;

/** A model in a catalogue where all have the same score stands in the middle. */
const MIDDLE = 0.5;

/** What is known of a model before any request, worked out once for a catalogue and a day. */
export interface Entry {
  model: Model;
  /** Today's standard prices by prompt size, smallest band first; empty = unpriced. */
  bands: Band[];
  scores: Record<TaskKind, number | null>;
  /** What the scores count as, where they are estimates; null for those that are measured. */
  cautious: Record<TaskKind, number | null>;
  /** What the score counts as against the catalogue: 0 at its tenth, 1 at its ninetieth percentile. */
  strengths: Record<TaskKind, number | null>;
}

export interface Band {
  promptOver: number;
  inputNanoPerToken: number;
  outputNanoPerToken: number;
  /** For what the provider has in its cache; the price of input where it has none. */
  cacheReadNanoPerToken: number;
}

export interface Catalogue {
  /** By model; every model of the registry. */
  byModel: ReadonlyMap<Model, Entry>;
  /** Those that `auto` may choose from. */
  entries: readonly Entry[];
  /** The least strength for each complexity. */
  floors: Record<TaskKind, Record<Complexity, number>>;
}

interface Scale {
  /** Which of a model's scores it is about. */
  score: string;
  low: number;
  high: number;
  sorted: number[];
  caution: Caution;
}

/** Prepares a registry for a day of routing. `at` is any time of that day (UTC): prices change at midnight. */
export function prepareCatalogue(registry: Registry, at: number): Catalogue {
  const offered = new Set(registry.listActive(at).filter((model) => isOffered(model)));
  const general = scaleOf(offered, 'overall', at);
  const scales: Record<TaskKind, Scale> = {
    general,
    code: orGeneral(scaleOf(offered, 'code', at), general),
    math: orGeneral(scaleOf(offered, 'math', at), general),
  };
  const byModel = new Map(registry.models.map((model) => [model, prepare(model, scales, at)]));
  return {
    byModel,
    entries: [...byModel.values()].filter((entry) => offered.has(entry.model)),
    floors: { general: floorsOf(scales.general), code: floorsOf(scales.code), math: floorsOf(scales.math) },
  };
}

/** What one request of this many tokens costs, in nano-dollars; null = unpriced. `cachedTokens` of the prompt are read from the provider's cache. */
export function costOf(entry: Entry, promptTokens: number, outputTokens: number, cachedTokens = 0): number | null {
  const band = bandFor(entry, promptTokens);
  if (!band) return null;
  const cached = Math.min(cachedTokens, promptTokens);
  return Math.round(
    (promptTokens - cached) * band.inputNanoPerToken +
      cached * band.cacheReadNanoPerToken +
      outputTokens * band.outputNanoPerToken,
  );
}

function bandFor({ bands }: Entry, promptTokens: number): Band | undefined {
  let band: Band | undefined;
  for (const each of bands) if (each.promptOver === 0 || promptTokens > each.promptOver) band = each;
  return band;
}

/** What is announced to end, by invitation or already gone is nobody's automatic choice. */
function isOffered({ status, modalities }: Model): boolean {
  const isCurrent = status === 'active' || status === 'preview' || status === 'legacy';
  return isCurrent && modalities.out.includes('text') && modalities.in.includes('text');
}

function prepare(model: Model, scales: Record<TaskKind, Scale>, at: number): Entry {
  const bands = bandsOf(model, at);
  const outputNano = bands[0]?.outputNanoPerToken ?? null;
  const general = placeOf(model, scales.general, outputNano);
  const code = placeOf(model, scales.code, outputNano);
  const math = placeOf(model, scales.math, outputNano);
  // Scores compare within one kind only, so a model without one is placed by where it stands overall.
  const places = { general, code: code.score === null ? general : code, math: math.score === null ? general : math };
  const each = <Key extends keyof Place>(key: Key) => ({
    general: places.general[key],
    code: places.code[key],
    math: places.math[key],
  });
  return { model, bands, scores: each('score'), cautious: each('cautious'), strengths: each('strength') };
}

interface Place {
  score: number | null;
  cautious: number | null;
  strength: number | null;
}

function placeOf(model: Model, scale: Scale, outputNano: number | null): Place {
  const graded = gradedOf(model, scale.score, outputNano);
  if (!graded) return { score: null, cautious: null, strength: null };
  const counted = scale.caution(graded);
  const cautious = graded.isEstimate ? counted : null;
  return { score: graded.score, cautious, strength: strengthOf(counted, scale) };
}

function gradedOf(model: Model, score: string, outputNano: number | null): Graded | null {
  const found = model.quality[score];
  return found ? { score: found.score, isEstimate: isEstimate(found), outputNano } : null;
}

function bandsOf(model: Model, at: number): Band[] {
  const limits = [...new Set(model.prices.map((row) => row.promptOver))].sort((a, b) => a - b);
  const bands: Band[] = [];
  for (const promptOver of limits) {
    const row = findPriceRow(model, { tier: 'standard', promptTokens: promptOver + 1, at });
    const last = bands.at(-1);
    if (!row || row.promptOver !== promptOver || (last && last.promptOver === promptOver)) continue;
    const inputNanoPerToken = ratePerToken(row, 'input');
    const outputNanoPerToken = ratePerToken(row, 'output');
    // A band without a price makes the model unpriced there; a wrong price would be worse, so all of it is.
    if (inputNanoPerToken === null || outputNanoPerToken === null) return [];
    bands.push({
      promptOver,
      inputNanoPerToken,
      outputNanoPerToken,
      cacheReadNanoPerToken: ratePerToken(row, 'cacheRead') ?? inputNanoPerToken,
    });
  }
  return bands;
}

function ratePerToken(row: PriceRow, kind: 'input' | 'output' | 'cacheRead'): number | null {
  const nanoPerMillion = priceTokens(row, { ...NO_TOKENS, [kind]: MILLION });
  return nanoPerMillion === null ? null : nanoPerMillion / MILLION;
}

/** The bar is where the catalogue says it is; caution is for those who have to reach it. */
function scaleOf(models: ReadonlySet<Model>, score: string, at: number): Scale {
  const graded = [...models].flatMap(
    (model) => gradedOf(model, score, bandsOf(model, at)[0]?.outputNanoPerToken ?? null) ?? [],
  );
  const sorted = graded.map((one) => one.score).sort((a, b) => a - b);
  return { score, low: quantile(sorted, 0.1), high: quantile(sorted, 0.9), sorted, caution: cautionOf(graded) };
}

/** Scores that only the best models have would make those look weak among themselves. */
function orGeneral(scale: Scale, general: Scale): Scale {
  return scale.sorted.length >= MIN_COVERAGE * general.sorted.length && scale.sorted.length > 0 ? scale : general;
}

function strengthOf(score: number, { low, high }: Scale): number {
  return high > low ? (score - low) / (high - low) : MIDDLE;
}

function floorsOf(scale: Scale): Record<Complexity, number> {
  const at = (complexity: Complexity): number => strengthOf(quantile(scale.sorted, FLOOR_QUANTILES[complexity]), scale);
  return { simple: at('simple'), moderate: at('moderate'), complex: at('complex'), expert: at('expert') };
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
