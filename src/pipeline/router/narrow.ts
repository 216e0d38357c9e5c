import type { Model } from '../../../registry/schema.ts';
import type { RouteRules } from '../../chat/route-policy.ts';
import type { Allowance, Bounds, Complexity, Judgement } from './decision.ts';

const LEVELS: readonly Complexity[] = ['simple', 'moderate', 'complex', 'expert'];

/** The client's own limit on what its request may cost. */
export function withBounds(allowance: Allowance, bounds: Bounds | undefined): Allowance {
  const most = bounds?.maxCostNanoUsd ?? null;
  if (most === null) return allowance;
  return { ...allowance, maxCostNanoUsd: Math.min(most, allowance.maxCostNanoUsd ?? most) };
}

/** What a policy leaves of what is allowed; never more. */
export function withRules(allowance: Allowance, rules: RouteRules | undefined): Allowance {
  if (!rules || (rules.allowedModels.length === 0 && rules.deniedModels.length === 0)) return allowance;
  return {
    ...allowance,
    admits: (model) =>
      allowance.admits(model) &&
      !isListed(rules.deniedModels, model) &&
      rules.allowedModels.every((models) => isListed(models, model)),
  };
}

/** Takes work for at least this hard. */
export function atLeast(judgement: Judgement, least: Complexity | undefined): Judgement {
  if (least === undefined || LEVELS.indexOf(judgement.complexity) >= LEVELS.indexOf(least)) return judgement;
  return { ...judgement, complexity: least };
}

/** By its id or an alias, with or without its provider in front, as in the list of a key. */
function isListed(names: readonly string[], { provider, id, aliases }: Model): boolean {
  const isNamed = (name: string) => names.includes(name) || names.includes(`${provider}/${name}`);
  return isNamed(id) || aliases.some((alias) => isNamed(alias.id));
}
