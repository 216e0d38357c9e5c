import { z } from 'zod';
import type { Registry } from '../../registry/load.ts';
import { findPriceRow, priceTokens } from '../../registry/price.ts';
import type { Model } from '../../registry/schema.ts';
import { parseRouteFeatures, type RouteFeatures } from '../chat/route-features.ts';
import { applyPolicy, RoutePolicy } from '../chat/route-policy.ts';
import type { Db } from '../db/client.ts';
import { listRequestsAfter } from '../db/queries/requests.ts';
import type { Request } from '../db/schema.ts';
import { createReplay, STRATEGIES } from './router/index.ts';

const BATCH = 100;
/** How long a replay may keep everything else waiting. */
const SLICE_MS = 8;
const DAY_MS = 86_400_000;
const ID_MARGIN_MS = 3_600_000;

/** The rules a month is replayed with: how `auto` is to choose, and from which models. */
export const ReplayPolicy = z.strictObject({
  strategy: z.enum(STRATEGIES).default('balanced'),
  /** How much expected success may be given up, from 0 to 0.1. */
  qualityTolerance: z.number().min(0).max(0.1).default(0.02),
  /** `model` or `provider/model`; all where it is left out. */
  allowedModels: z.array(z.string()).optional(),
  deniedModels: z.array(z.string()).default([]),
  /** As in the policy of a key. */
  minComplexity: RoutePolicy.shape.minComplexity,
  rules: RoutePolicy.shape.rules,
  /** Whether requests that named their model are routed as well. */
  includesExplicit: z.boolean().default(false),
});
export type ReplayPolicy = z.infer<typeof ReplayPolicy>;

interface ReplayOptions {
  db: Db;
  registry: Registry;
  policy: ReplayPolicy;
  since: number;
  until?: number | undefined;
  isConnected: (providerId: string) => boolean;
  /** Only what these keys asked. */
  keyIds?: readonly string[] | undefined;
  /** Called between two slices with how many requests have been looked at; false ends it there. */
  onBatch?: ((seen: number) => Promise<boolean>) | undefined;
}

export interface ReplayReport {
  seen: number;
  replayed: number;
  /** No features of them were kept, they named their model, or nobody answered them. */
  leftOut: number;
  /** No model of the policy could have answered. */
  refused: number;
  /** The same tokens with another model's prices, and what they did cost; only where both have a price. */
  actualNanoUsd: number;
  replayNanoUsd: number;
  unpriced: number;
  /** Would have gone to a model that scores less, as much or more. */
  lower: number;
  same: number;
  higher: number;
  byModel: { model: string; requests: number; costNanoUsd: number }[];
  /** By UTC day, in their order; the same sums. */
  byDay: { start: number; actualNanoUsd: number; replayNanoUsd: number }[];
  /** It was ended before all were looked at. */
  isCut: boolean;
}

/** What requests of before would have cost under other rules, and how many would have gone lower; reads, and asks nobody. */
export async function replayLedger({
  db,
  registry,
  policy,
  since,
  until,
  isConnected,
  keyIds,
  onBatch = async () => true,
}: ReplayOptions): Promise<ReplayReport> {
  const report: ReplayReport = {
    seen: 0,
    replayed: 0,
    leftOut: 0,
    refused: 0,
    actualNanoUsd: 0,
    replayNanoUsd: 0,
    unpriced: 0,
    lower: 0,
    same: 0,
    higher: 0,
    byModel: [],
    byDay: [],
    isCut: false,
  };
  const replay = createReplay(registry);
  const models = new Map<string, ReplayReport['byModel'][number]>();
  let sliceAt = performance.now();
  for (let after = lowestId(since); ; ) {
    const batch = await listRequestsAfter(db, { since, until, keyIds }, { limit: BATCH, after });
    for (const row of batch) {
      if (performance.now() - sliceAt > SLICE_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceAt = performance.now();
      }
      report.seen++;
      const stored = parseRouteFeatures(row.features);
      if (!stored || row.outcome !== 'ok' || row.cache === 'hit' || (stored.isExplicit && !policy.includesExplicit)) {
        report.leftOut++;
        continue;
      }
      const { features, chooser } = ruled(policy, stored, row.id);
      const model = replay.choose(
        { features, outputTokens: writtenBy(row), at: row.startedAt },
        { ...chooser, isConnected },
      );
      if (!model) report.refused++;
      else count(report, models, { row, model, features, replay, registry });
    }
    const last = batch.at(-1);
    if (!last || batch.length < BATCH) break;
    after = last.id;
    if (await onBatch(report.seen)) continue;
    report.isCut = true;
    break;
  }
  report.byModel = [...models.values()].sort((a, b) => b.requests - a.requests);
  return report;
}

const LEVELS: readonly string[] = ['simple', 'moderate', 'complex', 'expert'];

/** What the policy says of one request: of its kind of work, because what its caller said of it is not kept. */
function ruled({ includesExplicit: _, ...policy }: ReplayPolicy, features: RouteFeatures, conversation: string) {
  const kinds = features.topic === null ? [features.kind] : [features.kind, features.topic];
  const rules = applyPolicy(policy, { kinds, metadata: {}, conversation });
  const { minComplexity: least = 'simple', strategy = policy.strategy } = rules;
  const isRaised = LEVELS.indexOf(least) > LEVELS.indexOf(features.complexity);
  return {
    features: isRaised ? { ...features, complexity: least } : features,
    chooser: {
      ...{ strategy, qualityTolerance: rules.qualityTolerance ?? policy.qualityTolerance },
      admits: ({ id, provider }: Model): boolean => {
        const isIn = (names: readonly string[]) => names.includes(id) || names.includes(`${provider}/${id}`);
        return !isIn(rules.deniedModels) && rules.allowedModels.every(isIn);
      },
    },
  };
}

interface Replayed {
  row: Request;
  model: Model;
  features: RouteFeatures;
  replay: ReturnType<typeof createReplay>;
  registry: Registry;
}

function count(report: ReplayReport, models: Map<string, ReplayReport['byModel'][number]>, replayed: Replayed): void {
  const { row, model, features, replay, registry } = replayed;
  report.replayed++;
  const name = `${model.provider}/${model.id}`;
  const tally = models.get(name) ?? { model: name, requests: 0, costNanoUsd: 0 };
  models.set(name, tally);
  tally.requests++;

  const before = registry.find(`${row.provider}/${row.model}`, row.startedAt);
  // Simulated requests cost nothing, so both sides are worked out the same way.
  const actual = before ? priceOf(row, before) : row.costNanoUsd;
  const cost = priceOf(row, model);
  if (actual === null || cost === null) report.unpriced++;
  else {
    report.actualNanoUsd += actual;
    report.replayNanoUsd += cost;
    tally.costNanoUsd += cost;
    const day = dayOf(report, row.startedAt - (row.startedAt % DAY_MS));
    day.actualNanoUsd += actual;
    day.replayNanoUsd += cost;
  }

  if (before && before.id === model.id && before.provider === model.provider) {
    report.same++;
    return;
  }
  const [was, is] = [
    before && replay.qualityOf(before, features, row.startedAt),
    replay.qualityOf(model, features, row.startedAt),
  ];
  const step = (is ?? 0) - (was ?? 0);
  if (step < 0) report.lower++;
  else if (step > 0) report.higher++;
  else report.same++;
}

/** Requests come in the order of their time, so that the last day is nearly always the one. */
function dayOf({ byDay }: ReplayReport, start: number): ReplayReport['byDay'][number] {
  const known = byDay.findLast((day) => day.start === start);
  if (known) return known;
  const made = { start, actualNanoUsd: 0, replayNanoUsd: 0 };
  byDay.push(made);
  return made;
}

/** Nothing younger than this has a smaller id: ids begin with their time, and are made when a request arrives. */
function lowestId(since: number): string {
  const hex = Math.max(0, since - ID_MARGIN_MS)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** The tokens of a request at a model's prices of that day; null = unpriced. */
function priceOf(row: Request, model: Model): number | null {
  const promptTokens = row.inputTokens + row.cacheReadTokens + row.cacheWriteShortTokens + row.cacheWriteLongTokens;
  const price = findPriceRow(model, {
    tier: 'standard',
    promptTokens: promptTokens + row.audioInputTokens,
    at: row.startedAt,
  });
  const isCaching = price?.rates.cacheRead !== undefined;
  const cached = isCaching ? row.cacheReadTokens : 0;
  return price
    ? priceTokens(price, {
        input: row.inputTokens + row.cacheReadTokens - cached,
        cacheRead: cached,
        cacheWriteShort: row.cacheWriteShortTokens,
        cacheWriteLong: row.cacheWriteLongTokens,
        audioInput: row.audioInputTokens,
        output: row.outputTokens,
        reasoning: row.reasoningTokens,
        audioOutput: row.audioOutputTokens,
      })
    : null;
}

function writtenBy({ outputTokens, audioOutputTokens }: Request): number {
  return Math.max(1, outputTokens + audioOutputTokens);
}
