import type { Model } from '../../../registry/schema.ts';
import type { LimitSet } from '../../db/limit-set.ts';

/** A limit set ready to be asked: what is absent has become no limit. */
export interface Rules {
  /** What it was made from; another object means that somebody changed it. */
  source: LimitSet;
  /** Nothing is limited but requests, perhaps. */
  isOpen: boolean;
  requestsPerMinute: number;
  tokensPerMinute: number;
  concurrentRequests: number;
  /** Infinity = no budget. */
  budgets: { day: number; month: number };
  hasBudget: boolean;
  isHard: boolean;
  allowance: Allowance;
}

/** What may be asked for at all. */
export interface Allowance {
  admits(model: Model): boolean;
  admitsStrategy(strategy: string): boolean;
  /** What one request may be expected to cost; null = anything. */
  maxCostNanoUsd: number | null;
  takesUnpriced: boolean;
  /** The same for allowances that admit the same; empty for one that admits all. */
  scope: string;
}

export function compileRules(source: LimitSet, defaultRequestsPerMinute: number): Rules {
  const { dailyBudgetNanoUsd, monthlyBudgetNanoUsd, maxRequestNanoUsd, allowedStrategies } = source;
  const isHard = source.budgetMode !== 'warn';
  const hasBudget = dailyBudgetNanoUsd !== undefined || monthlyBudgetNanoUsd !== undefined;
  const strategies: readonly string[] | undefined = allowedStrategies;
  return {
    source,
    isOpen: Object.keys(source).length === 0,
    requestsPerMinute: source.requestsPerMinute ?? defaultRequestsPerMinute,
    tokensPerMinute: source.tokensPerMinute ?? 0,
    concurrentRequests: source.concurrentRequests ?? 0,
    budgets: {
      day: dailyBudgetNanoUsd ?? Number.POSITIVE_INFINITY,
      month: monthlyBudgetNanoUsd ?? Number.POSITIVE_INFINITY,
    },
    hasBudget,
    isHard,
    allowance: {
      admits: admission(source.allowedModels),
      admitsStrategy: (strategy) => strategies === undefined || strategies.includes(strategy),
      maxCostNanoUsd: maxRequestNanoUsd ?? null,
      scope: scopeOf(source),
      takesUnpriced: source.allowsUnpriced ?? !((hasBudget && isHard) || maxRequestNanoUsd !== undefined),
    },
  };
}

/** What two rules allow that hold at once. */
export function bothOf(one: Allowance, other: Allowance): Allowance {
  const most = Math.min(one.maxCostNanoUsd ?? Infinity, other.maxCostNanoUsd ?? Infinity);
  return {
    admits: (model) => one.admits(model) && other.admits(model),
    admitsStrategy: (strategy) => one.admitsStrategy(strategy) && other.admitsStrategy(strategy),
    maxCostNanoUsd: most === Infinity ? null : most,
    takesUnpriced: one.takesUnpriced && other.takesUnpriced,
    scope: one.scope + other.scope,
  };
}

function scopeOf({ allowedModels, allowedStrategies }: LimitSet): string {
  if (!allowedModels && !allowedStrategies) return '';
  const listed = [[...(allowedModels ?? [])].sort(), [...(allowedStrategies ?? [])].sort()];
  return new Bun.CryptoHasher('sha256').update(JSON.stringify(listed)).digest('hex');
}

/** A model is admitted by its id or an alias, with or without its provider in front; nothing is matched by a part of it. */
function admission(names: readonly string[] | undefined): (model: Model) => boolean {
  if (!names) return () => true;
  const listed = new Set(names);
  const known = new WeakMap<Model, boolean>();
  const isListed = ({ provider }: Model, id: string): boolean => listed.has(id) || listed.has(`${provider}/${id}`);
  return (model) => {
    const answer = known.get(model);
    if (answer !== undefined) return answer;
    const found = isListed(model, model.id) || model.aliases.some(({ id }) => isListed(model, id));
    known.set(model, found);
    return found;
  };
}
