import type { RoutePolicy } from '../../src/chat/route-policy.ts';
import type { PlainFrame } from '../frame.ts';
import { kindName } from '../pages/policy-fields.tsx';

type Choice = Pick<RoutePolicy, 'strategy' | 'qualityTolerance' | 'minComplexity' | 'allowedModels' | 'deniedModels'>;

/** What holds for a key by its policy: “code at least complex · never gpt-5.5”. */
export const PolicyWords = ({ frame, policy }: { frame: PlainFrame; policy: RoutePolicy }) => (
  <>{policyInWords(frame, policy).join(' · ')}</>
);

export function policyInWords(frame: PlainFrame, policy: RoutePolicy): string[] {
  const t = frame.t.policy.words;
  const { experiment } = policy;
  const arms = experiment?.arms.map(({ name, percent }) => `${name} ${frame.format.percent(percent / 100)}`) ?? [];
  return [
    ...choiceInWords(frame, policy),
    ...policy.rules.map((rule) => ruleInWords(frame, rule)),
    ...(experiment ? [t.experiment(experiment.name, arms.join(', '))] : []),
  ];
}

function ruleInWords(frame: PlainFrame, { when, ...choice }: RoutePolicy['rules'][number]): string {
  const t = frame.t.policy.words;
  const kinds = when.kinds?.map((kind) => kindName(frame, kind)).join(', ');
  const said = Object.entries(when.metadata ?? {}).map(([name, value]) => `${name} = ${value}`);
  const what = choiceInWords(frame, choice);
  const isPlain = kinds !== undefined && said.length === 0 && what.length === 1 && choice.minComplexity !== undefined;
  if (isPlain) return t.kindLeast(kinds, frame.t.overview.complexities[choice.minComplexity ?? 'simple']);
  const subject = [kinds ?? t.everything, said.length > 0 && t.where(said.join(', '))].filter(Boolean).join(' ');
  return `${subject}: ${what.join(', ')}`;
}

function choiceInWords({ t, format }: PlainFrame, choice: Choice): string[] {
  const { strategy, qualityTolerance, minComplexity, allowedModels, deniedModels } = choice;
  const w = t.policy.words;
  return [
    ...(strategy ? [w.strategy(t.keys.strategies[strategy])] : []),
    ...(qualityTolerance === undefined ? [] : [w.tolerance(format.percent(qualityTolerance))]),
    ...(minComplexity ? [w.least(t.overview.complexities[minComplexity])] : []),
    ...(allowedModels ? [w.only(allowedModels.join(', '))] : []),
    ...(deniedModels ? [w.never(deniedModels.join(', '))] : []),
  ];
}
