import { type ChatRequest, REASONING_EFFORTS, type Reasoning, type ReasoningEffort } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Target } from '../dialect.ts';
import type { Turn } from './render-content.ts';
import type { Rendering } from './rendering.ts';

/** The least the provider takes. */
const MIN_BUDGET = 1024;

/** What an effort is worth where a model only takes a budget. */
const BUDGETS: Record<ReasoningEffort, number> = {
  none: 0,
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_000,
};

interface Context {
  request: ChatRequest;
  target: Target;
  maxTokens: number;
  turns: Turn[];
  toolChoice: JsonObject | undefined;
  rendering: Rendering;
}

/** What of a request's reasoning goes on the wire. */
export interface RenderedReasoning {
  thinking?: JsonObject;
  effort?: string;
}

/**
 * How much to think: `adaptive` with an effort for models that have efforts, a budget for the others.
 * https://platform.claude.com/docs/en/build-with-claude/thinking
 */
export function renderReasoning(context: Context): RenderedReasoning {
  const { request, target, rendering } = context;
  const { reasoning } = request;
  if (!reasoning) return {};
  if (isOff(reasoning)) return renderOff(target, rendering);
  if (!target.reasoning.supported) return dropReasoning(rendering);
  return target.reasoning.efforts.length > 0 ? renderAdaptive(reasoning, context) : renderBudget(reasoning, context);
}

function isOff({ effort, budgetTokens }: Reasoning): boolean {
  return budgetTokens === 0 || (effort === 'none' && !budgetTokens);
}

function renderOff(target: Target, rendering: Rendering): RenderedReasoning {
  if (!target.reasoning.supported) return {};
  return target.reasoning.required ? dropReasoning(rendering) : { thinking: { type: 'disabled' } };
}

function renderAdaptive(reasoning: Reasoning, context: Context): RenderedReasoning {
  const { target, rendering } = context;
  const wanted = wantedEffort(reasoning);
  const effort = wanted && nearestEffort(wanted, target.reasoning.efforts);
  if (effort !== reasoning.effort && reasoning.effort) rendering.drop('reasoning.effort');
  const level = effort ? { effort } : {};
  // A forced call leaves no room for thoughts, but effort still governs how the answer is written.
  if (isToolForced(context)) return { ...dropReasoning(rendering), ...level };
  const { includeThoughts } = reasoning;
  const display = includeThoughts === undefined ? {} : { display: includeThoughts ? 'summarized' : 'omitted' };
  return { thinking: { type: 'adaptive', ...display }, ...level };
}

function renderBudget(reasoning: Reasoning, context: Context): RenderedReasoning {
  const { maxTokens, rendering } = context;
  if (maxTokens <= MIN_BUDGET || isToolForced(context) || lacksThoughts(context)) return dropReasoning(rendering);
  const { budgetTokens, effort } = reasoning;
  const isGiven = budgetTokens !== undefined && budgetTokens > 0;
  const wanted = isGiven ? budgetTokens : BUDGETS[effort ?? 'medium'];
  // Thoughts count towards `max_tokens`; where we choose the budget, a quarter is left for the answer.
  const most = isGiven ? maxTokens - 1 : Math.floor((maxTokens * 3) / 4);
  const budget = Math.max(MIN_BUDGET, Math.min(wanted, most));
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}

function dropReasoning(rendering: Rendering): RenderedReasoning {
  rendering.drop('reasoning');
  return {};
}

function isToolForced({ toolChoice }: Context): boolean {
  return toolChoice?.type === 'any' || toolChoice?.type === 'tool';
}

/**
 * With a budget, an assistant's turn that is still going on (its calls were just answered, or it is to be continued) must
 * begin with the thoughts it had. A client of another dialect may not have them.
 */
function lacksThoughts({ turns }: Context): boolean {
  const last = turns.at(-1);
  const isAnswering = last?.role === 'user' && last.content[0]?.type === 'tool_result';
  const current = last?.role === 'assistant' ? last : isAnswering ? turns.at(-2) : undefined;
  const first = current?.content[0]?.type;
  return current !== undefined && first !== 'thinking' && first !== 'redacted_thinking';
}

function wantedEffort({ effort, budgetTokens }: Reasoning): ReasoningEffort | undefined {
  if (effort && effort !== 'none') return effort;
  if (budgetTokens === undefined || budgetTokens < 0) return undefined;
  if (budgetTokens <= BUDGETS.low) return 'low';
  return budgetTokens <= BUDGETS.medium ? 'medium' : 'high';
}

/** The highest effort the model has that is not above the wanted one, else its lowest. */
function nearestEffort(wanted: ReasoningEffort, efforts: readonly string[]): string | undefined {
  const known = REASONING_EFFORTS.filter((effort) => effort !== 'none' && efforts.includes(effort));
  const limit = REASONING_EFFORTS.indexOf(wanted);
  return known.findLast((effort) => REASONING_EFFORTS.indexOf(effort) <= limit) ?? known[0];
}
