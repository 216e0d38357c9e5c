import { REASONING_EFFORTS, type Reasoning, type ReasoningEffort } from '../../chat/request.ts';
import type { Target } from '../dialect.ts';

/** Budgets up to these many tokens are this much effort; OpenAI has no budget to set. */
const BUDGETS: [tokens: number, effort: ReasoningEffort][] = [
  [0, 'none'],
  [1024, 'minimal'],
  [4096, 'low'],
  [16_384, 'medium'],
];

/** The effort for `target` nearest to what was asked for; `undefined` = say nothing and leave it to the model. */
export function renderEffort(reasoning: Reasoning, { reasoning: { efforts, required } }: Target): string | undefined {
  const wanted = reasoning.effort ?? effortOf(reasoning.budgetTokens) ?? freeEffort(reasoning, efforts);
  if (wanted === undefined) return undefined;
  if (efforts.length === 0) return wanted === 'none' && required ? undefined : wanted;
  return nearest(
    wanted,
    REASONING_EFFORTS.filter((effort) => efforts.includes(effort)),
  );
}

function effortOf(budgetTokens: number | undefined): ReasoningEffort | undefined {
  if (budgetTokens === undefined || budgetTokens < 0) return undefined;
  return BUDGETS.find(([tokens]) => budgetTokens <= tokens)?.[1] ?? 'high';
}

/** "As much as you like" is for the model to decide, but one that can do without thinking does so until it is told. */
function freeEffort({ budgetTokens, isAdaptive }: Reasoning, efforts: readonly string[]): ReasoningEffort | undefined {
  const isFree = isAdaptive === true || (budgetTokens !== undefined && budgetTokens < 0);
  return isFree && efforts.includes('none') ? 'medium' : undefined;
}

/** Of two as near the weaker one, but never none where thinking was asked for and can be had. */
function nearest(wanted: ReasoningEffort, allowed: ReasoningEffort[]): ReasoningEffort | undefined {
  const thinking = allowed.filter((effort) => effort !== 'none');
  const usable = wanted !== 'none' && thinking.length > 0 ? thinking : allowed;
  const distance = (effort: ReasoningEffort) =>
    Math.abs(REASONING_EFFORTS.indexOf(effort) - REASONING_EFFORTS.indexOf(wanted));
  let best = usable[0];
  for (const effort of usable) if (best && distance(effort) < distance(best)) best = effort;
  return best;
}
