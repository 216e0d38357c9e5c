import { REASONING_EFFORTS, type Reasoning } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { Target } from '../dialect.ts';
import type { Extras } from '../extras.ts';
import { renderEffort } from '../openai-common/effort.ts';

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
