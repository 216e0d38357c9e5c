import { REASONING_EFFORTS, type Reasoning, type ReasoningEffort } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { Target } from '../dialect.ts';
import type { Extras } from './extras.ts';

/** Budgets up to these many tokens are this much effort; OpenAI has no budget to set. */
const BUDGETS: [tokens: number, effort: ReasoningEffort][] = [
  [0, 'none'],
  [1024, 'minimal'],
  [4096, 'low'],
  [16_384, 'medium'],
];

/** The `reasoning` object; absent where it says nothing we have a word for. */
export function parseReasoning(wire: unknown, extras: Extras): Reasoning | undefined {
  if (!isJsonObject(wire)) return undefined;
  const effort = REASONING_EFFORTS.find((known) => known === wire.effort);
  // What `summary` is called now.
  const summary = wire.summary ?? wire.generate_summary;
  const said = [...(effort ? ['effort'] : []), ...(wire.summary === 'auto' ? ['summary'] : [])];
  extras.keepRest('reasoning', wire, said);
  const reasoning = withoutUndefined({ effort, includeThoughts: typeof summary === 'string' ? true : undefined });
  return Object.keys(reasoning).length > 0 ? reasoning : undefined;
}

/** The `reasoning` object for `target`; `undefined` = say nothing and leave it to the model. */
export function renderReasoning(reasoning: Reasoning, target: Target): JsonObject | undefined {
  const effort = renderEffort(reasoning, target);
  const summary = reasoning.includeThoughts && effort !== 'none' ? 'auto' : undefined;
  return effort || summary ? withoutUndefined({ effort, summary }) : undefined;
}

/** False for a request that wants no thoughts, which a model without any fulfils. */
export function wantsThoughts({ effort, budgetTokens, isAdaptive }: Reasoning): boolean {
  return (effort ?? 'none') !== 'none' || (budgetTokens ?? 0) !== 0 || isAdaptive === true;
}

/** The effort for `target` nearest to what was asked for. */
function renderEffort(reasoning: Reasoning, { reasoning: { efforts, required } }: Target): string | undefined {
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

/** As much as the model likes: said only where its default would be not to think at all. */
function freeEffort({ isAdaptive, budgetTokens }: Reasoning, efforts: readonly string[]): ReasoningEffort | undefined {
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
