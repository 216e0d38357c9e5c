import { REASONING_EFFORTS, type Reasoning, type ReasoningEffort } from '../../chat/request.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { Target } from '../dialect.ts';
import type { WireGenerationConfig } from './wire.ts';

/** By enum number: https://github.com/googleapis/googleapis/blob/master/google/cloud/aiplatform/v1/content.proto */
const LEVELS = [undefined, 'low', 'medium', 'high', 'minimal'];

/** The budgets Google itself gives these efforts: https://ai.google.dev/gemini-api/docs/openai#thinking */
const BUDGETS: Record<ReasoningEffort, number> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24576,
  xhigh: 24576,
  max: 24576,
};
/** What every model with a budget accepts; single models go lower or higher. */
const MIN_BUDGET = 512;
const MAX_BUDGET = 24576;

export function parseReasoning(config: WireGenerationConfig['thinkingConfig']): Reasoning | undefined {
  if (!config) return undefined;
  const { thinkingLevel, thinkingBudget, includeThoughts } = config;
  const level = typeof thinkingLevel === 'number' ? LEVELS[thinkingLevel] : thinkingLevel?.toLowerCase();
  return withoutUndefined({
    effort: REASONING_EFFORTS.find((effort) => effort === level),
    budgetTokens: thinkingBudget ?? undefined,
    includeThoughts: includeThoughts ?? undefined,
  });
}

/** `thinkingConfig`: a level for models that have levels (Gemini 3), else a budget (Gemini 2.5). */
export function renderReasoning(reasoning: Reasoning | undefined, target: Target['reasoning']): JsonObject | undefined {
  if (!reasoning) return undefined;
  const depth =
    target.efforts.length > 0
      ? { thinkingLevel: renderLevel(reasoning, target.efforts) }
      : { thinkingBudget: renderBudget(reasoning, target) };
  const config = withoutUndefined({ includeThoughts: reasoning.includeThoughts || undefined, ...depth });
  return Object.keys(config).length > 0 ? config : undefined;
}

/** True for a request that asks for thoughts, so that a model without any is not what the client meant. */
export function wantsThinking({ effort, budgetTokens, isAdaptive, includeThoughts }: Reasoning): boolean {
  if (effort !== undefined) return effort !== 'none';
  if (budgetTokens !== undefined) return budgetTokens !== 0;
  return Boolean(isAdaptive || includeThoughts);
}

function renderLevel(reasoning: Reasoning, efforts: Target['reasoning']['efforts']): string | undefined {
  const wanted = reasoning.effort ?? effortOf(reasoning.budgetTokens);
  if (wanted === undefined) return undefined;
  const rank = REASONING_EFFORTS.indexOf(wanted);
  let best: { level: string; distance: number } | undefined;
  for (const [i, effort] of REASONING_EFFORTS.entries()) {
    const distance = Math.abs(i - rank);
    // Google has no level that means "none". Of two equally near, more thinking serves better than less.
    if (effort === 'none' || !efforts.includes(effort) || (best && distance > best.distance)) continue;
    best = { level: effort, distance };
  }
  return best?.level.toUpperCase();
}

function effortOf(budgetTokens: number | undefined): ReasoningEffort | undefined {
  if (budgetTokens === undefined || budgetTokens < 0) return undefined;
  if (budgetTokens === 0) return 'none';
  if (budgetTokens <= BUDGETS.low) return 'low';
  return budgetTokens <= BUDGETS.medium ? 'medium' : 'high';
}

function renderBudget(reasoning: Reasoning, target: Target['reasoning']): number | undefined {
  const { effort, budgetTokens, isAdaptive } = reasoning;
  const budget = budgetTokens ?? (effort === undefined ? undefined : BUDGETS[effort]);
  if (budget === undefined) return isAdaptive ? -1 : undefined;
  if (budget < 0) return -1;
  if (budget === 0 && !target.required) return 0;
  return Math.min(Math.max(budget, MIN_BUDGET), MAX_BUDGET);
}
