import { Checkbox, Field, type FormError, Select, TextArea } from '../components/form.tsx';
import type { PlainFrame } from '../frame.ts';
import { COMPLEXITIES } from './overview-figures.ts';

/** Kinds of request that the form always shows; others are shown where a policy has a rule for them. */
export const POLICY_KINDS = ['code', 'math', 'law', 'medicine', 'business', 'writing', 'general'] as const;

/** What was typed about a policy. */
export interface PolicyDraft {
  /** Empty: the key's own. */
  strategy: string;
  /** Percent; empty: the gateway's. */
  tolerance: string;
  /** Empty: as it is judged. */
  minComplexity: string;
  /** By kind of request; empty: as it is judged. */
  minimums: Readonly<Record<string, string>>;
  deniedModels: string;
  /** Not empty: its answers are never compared with another model's. */
  isNeverCompared: string;
}

export const EMPTY_POLICY: PolicyDraft = {
  ...{ strategy: '', tolerance: '', minComplexity: '', minimums: {}, deniedModels: '', isNeverCompared: '' },
};

interface PolicyFieldsProps {
  frame: PlainFrame;
  draft: PolicyDraft;
  error: FormError | null;
  /** Left out where the form has a field for the strategy already. */
  strategies?: readonly string[];
}

export const PolicyFields = ({ frame, draft, error, strategies }: PolicyFieldsProps) => {
  const t = frame.t.policy;
  const names: Record<string, string> = frame.t.keys.strategies;
  return (
    <>
      <div class="grid">
        {strategies && (
          <Select
            {...{ label: t.strategy, name: 'policyStrategy', value: draft.strategy, error }}
            options={[
              { value: '', label: t.keyStrategy },
              ...strategies.map((value) => ({ value, label: names[value] ?? value })),
            ]}
          />
        )}
        <Field
          {...{ label: t.tolerance, name: 'tolerance', value: draft.tolerance, error, inputmode: 'decimal' }}
          {...{ hint: t.toleranceHint, placeholder: t.gatewayDefault, maxlength: 6 }}
        />
        <TextArea
          {...{ label: t.denied, name: 'deniedModels', value: draft.deniedModels, error, rows: '2' }}
          {...{ hint: t.deniedHint, placeholder: t.noModel }}
        />
      </div>
      <MinimumFields {...{ frame, draft, error }} />
      <Checkbox
        {...{ label: t.isNeverCompared, name: 'isNeverCompared', checked: draft.isNeverCompared !== '' }}
        hint={t.isNeverComparedHint}
      />
    </>
  );
};

/** The least complexity: of everything, and of each kind of request. */
export const MinimumFields = ({ frame, draft, error }: Omit<PolicyFieldsProps, 'strategies'>) => {
  const t = frame.t.policy;
  const kinds = [...new Set([...POLICY_KINDS, ...Object.keys(draft.minimums)])];
  return (
    <div class="policy-minimums">
      <Select
        {...{ label: t.least, name: 'minComplexity', value: draft.minComplexity, error, hint: t.leastHint }}
        options={levels(frame)}
      />
      <table class="policy-kinds">
        <caption>{t.byKind}</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">{t.kind}</th>
            <th scope="col">{t.level}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr>
              <th scope="row">{kindName(frame, kind)}</th>
              <td>
                <select name={`min-${kind}`} aria-label={t.leastFor(kindName(frame, kind))}>
                  {levels(frame).map(({ value, label }) => (
                    <option value={value} selected={value === (draft.minimums[kind] ?? '')}>
                      {label}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

function levels({ t }: PlainFrame): { value: string; label: string }[] {
  const named = COMPLEXITIES.map((value) => ({ value, label: t.overview.complexities[value] }));
  return [{ value: '', label: t.policy.noLeast }, ...named];
}

/** What a policy calls a kind of request, in words; what has none stands as it is. */
export function kindName({ t }: PlainFrame, kind: string): string {
  const names: Record<string, string> = t.policy.kinds;
  return Object.hasOwn(names, kind) ? (names[kind] ?? kind) : kind;
}
