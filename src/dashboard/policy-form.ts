import { z } from 'zod';
import { COPY, type Language } from '../../views/copy/index.ts';
import { EMPTY_POLICY, type PolicyDraft } from '../../views/pages/policy-fields.tsx';
import type { ShownPolicy } from '../../views/pages/policy-form.tsx';
import { check } from '../accounts/check.ts';
import { RoutePolicy } from '../chat/route-policy.ts';
import { GatewayError } from '../errors.ts';
import { tryParseJson } from '../lib/json.ts';
import { field } from './form.ts';
import { listFrom } from './limit-form.ts';

const PERCENT = 100;
const MAX_TOLERANCE = 10;
const LEVELS = ['expert', 'complex', 'moderate', 'simple'] as const;
const LEAST = 'min-';
const MAX_COMPLAINTS = 3;

type Rule = RoutePolicy['rules'][number];
type Level = (typeof LEVELS)[number];

export function readPolicyDraft(form: URLSearchParams): PolicyDraft {
  return {
    strategy: field(form, 'policyStrategy'),
    tolerance: field(form, 'tolerance').trim().replace(',', '.'),
    ...readMinimums(form),
    deniedModels: field(form, 'deniedModels'),
    isNeverCompared: field(form, 'isNeverCompared'),
  };
}

/** The least complexity, of everything and by kind of request. */
export function readMinimums(form: URLSearchParams): Pick<PolicyDraft, 'minComplexity' | 'minimums'> {
  const minimums = [...form].filter(([name]) => name.startsWith(LEAST));
  return {
    minComplexity: field(form, 'minComplexity'),
    minimums: Object.fromEntries(minimums.map(([name, level]) => [name.slice(LEAST.length), level])),
  };
}

/** A policy as the form shows it. */
export function showPolicy(policy: RoutePolicy | null): ShownPolicy {
  if (!policy) return { draft: EMPTY_POLICY, json: '', otherRules: 0, hasExperiment: false };
  const { strategy = '', qualityTolerance, minComplexity = '', deniedModels = [], rules } = policy;
  const plain = rules.filter((rule) => kindOf(rule) !== null && rule.minComplexity !== undefined);
  // Of two rules for a kind the first one counts.
  const minimums = Object.fromEntries(plain.map((rule) => [kindOf(rule), rule.minComplexity ?? '']).reverse());
  return {
    draft: {
      ...{ strategy, minComplexity, minimums, deniedModels: deniedModels.join('\n') },
      isNeverCompared: policy.shadow === false ? 'on' : '',
      tolerance: qualityTolerance === undefined ? '' : String(Number((qualityTolerance * PERCENT).toFixed(3))),
    },
    json: JSON.stringify(policy, null, 2),
    otherRules: rules.length - plain.filter(isOnlyMinimum).length,
    hasExperiment: policy.experiment !== undefined,
  };
}

/** The policy that the fields ask for; what they do not show of the one before stays. Null = none. Throws `invalid_request`. */
export function policyFrom(draft: PolicyDraft, before: RoutePolicy | null): RoutePolicy | null {
  const { strategy, minComplexity, deniedModels } = draft;
  const percent = draft.tolerance === '' ? undefined : Number(draft.tolerance);
  if (percent !== undefined && !(percent >= 0 && percent <= MAX_TOLERANCE)) {
    throw new GatewayError('invalid_request', `This is a number from 0 to ${MAX_TOLERANCE}.`, { param: 'tolerance' });
  }
  const denied = listFrom(deniedModels);
  const { allowedModels, experiment, rules = [] } = before ?? {};
  const made = {
    ...(strategy !== '' && { strategy }),
    ...(percent !== undefined && { qualityTolerance: percent / PERCENT }),
    ...(minComplexity !== '' && { minComplexity }),
    ...(allowedModels && { allowedModels }),
    ...(denied.length > 0 && { deniedModels: denied }),
    ...(draft.isNeverCompared !== '' && { shadow: false }),
    rules: rulesFrom(draft.minimums, rules),
    ...(experiment && { experiment }),
  };
  const isEmpty = made.rules.length === 0 && Object.keys(made).length === 1;
  return isEmpty ? null : check(RoutePolicy, made, ['policy']);
}

/**
 * The rules with these minimums by kind. A rule about one kind of request alone gets its minimum; for other kinds rules are
 * added, the hardest first, because the first that fits a request is the one that counts.
 */
export function rulesFrom(minimums: PolicyDraft['minimums'], before: readonly Rule[]): Rule[] {
  const asked = new Map(Object.entries(minimums).flatMap(([kind, text]) => levelOf(text, kind)));
  const kept = before.flatMap((rule): Rule[] => {
    const kind = kindOf(rule);
    // The form did not ask about this one.
    if (kind === null || !Object.hasOwn(minimums, kind)) return [rule];
    if (isOnlyMinimum(rule)) return [];
    const level = asked.get(kind);
    asked.delete(kind);
    const { minComplexity: _, ...rest } = rule;
    return [level ? { ...rest, minComplexity: level } : rest];
  });
  const added = [...asked].map(([kind, level]) => ({ name: kind, when: { kinds: [kind] }, minComplexity: level }));
  added.sort((a, b) => LEVELS.indexOf(a.minComplexity) - LEVELS.indexOf(b.minComplexity));
  return [...kept, ...added];
}

/** The policy of a text; null for an empty one. Throws `invalid_request`. */
export function policyFromJson(text: string, language: Language): RoutePolicy | null {
  return text.trim() === '' ? null : parsePolicy(RoutePolicy, text, { param: 'policyJson', language });
}

/** What the text is by the schema. Throws `invalid_request` that says in the language of the page what is wrong and where. */
export function parsePolicy<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  { param, language }: { param: string; language: Language },
): z.output<Schema> {
  const words = COPY[language].policy;
  const value = tryParseJson(text);
  const { data, error } = schema.safeParse(value, { error: ERRORS[language] });
  if (error === undefined) return data;
  const complaint = value === undefined ? words.noJson : words.wrong(complaintsOf(error, language));
  throw new GatewayError('invalid_request', complaint, { param, facts: { complaint } });
}

const ERRORS = { en: z.locales.en().localeError, es: z.locales.es().localeError };

/** What zod finds wrong, with the place of each. */
function complaintsOf({ issues }: z.ZodError, language: Language): string {
  const { tooManyPercent } = COPY[language].policy;
  const told = issues.slice(0, MAX_COMPLAINTS).map(({ path, message, code }) => {
    const words = code === 'custom' ? tooManyPercent : message;
    return path.length === 0 ? words : `${z.core.toDotPath(path)}: ${words}`;
  });
  return `${told.join('; ')}.`;
}

/** The kind that a rule is about, and nothing else; null for any other rule. */
function kindOf({ when }: Rule): string | null {
  const [kind] = when.kinds ?? [];
  return kind !== undefined && when.kinds?.length === 1 && !when.metadata ? kind : null;
}

function isOnlyMinimum(rule: Rule): boolean {
  const { name: _name, when: _when, minComplexity: _least, ...rest } = rule;
  return kindOf(rule) !== null && Object.values(rest).every((value) => value === undefined);
}

function levelOf(text: string, kind: string): [kind: string, level: Level][] {
  const level = LEVELS.find((each) => each === text);
  return level ? [[kind, level]] : [];
}
