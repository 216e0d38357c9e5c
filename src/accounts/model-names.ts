import type { RoutePolicy } from '../chat/route-policy.ts';
import type { LimitSet } from '../db/limit-set.ts';
import { GatewayError } from '../errors.ts';

/** Whether a name is some model's id or alias, with or without its provider in front. */
export type IsModel = (name: string) => boolean;

/** Where a key or a person can name models. */
interface NamingModels {
  fallbackModels?: readonly string[] | null | undefined;
  limits?: LimitSet | null | undefined;
  policy?: RoutePolicy | null | undefined;
}

/**
 * Refuses model names nothing is known by: in a list of allowed, denied or fallback models such a name does nothing, without a word.
 * Names that were there before are let be, so that a model which has gone does not stand in the way. Throws `invalid_request`.
 */
export function demandKnownModels(isModel: IsModel, after: NamingModels, before: NamingModels = {}): void {
  const old = new Set(listsOf(before).flatMap(({ names }) => names));
  for (const { param, names } of listsOf(after)) {
    const name = names.find((each) => !old.has(each) && !isModel(each));
    if (name === undefined) continue;
    const shown = name.length > 100 ? `${name.slice(0, 100)}…` : name;
    throw new GatewayError('invalid_request', `There is no model "${shown}" in the catalogue.`, {
      param,
      facts: { model: shown },
    });
  }
}

function listsOf({ limits, policy, fallbackModels }: NamingModels): { param: string; names: readonly string[] }[] {
  const of = (at: string, choice: { allowedModels?: string[] | undefined; deniedModels?: string[] | undefined }) => [
    { param: `${at}.allowedModels`, names: choice.allowedModels ?? [] },
    { param: `${at}.deniedModels`, names: choice.deniedModels ?? [] },
  ];
  return [
    { param: 'fallbackModels', names: fallbackModels ?? [] },
    { param: 'limits.allowedModels', names: limits?.allowedModels ?? [] },
    ...(policy ? of('policy', policy) : []),
    ...(policy?.rules ?? []).flatMap((rule, index) => of(`policy.rules[${index}]`, rule)),
    ...(policy?.experiment?.arms ?? []).flatMap((arm, index) => of(`policy.experiment.arms[${index}]`, arm)),
  ];
}
