import { Checkbox, Field, type FormError, MoneyField, Select, TextArea } from '../components/form.tsx';
import type { Frame } from '../layout.tsx';

/** The fields of a form about limits, as they were typed. Amounts are dollars, lists are separated by commas. */
export const LIMIT_FIELDS = [
  'requestsPerMinute',
  'tokensPerMinute',
  'concurrentRequests',
  'dailyBudgetNanoUsd',
  'monthlyBudgetNanoUsd',
  'maxRequestNanoUsd',
  'budgetMode',
  'allowedModels',
  'allowedStrategies',
  'allowsUnpriced',
] as const;

export type LimitDraft = Record<(typeof LIMIT_FIELDS)[number], string>;

export const EMPTY_LIMITS: LimitDraft = {
  ...{ requestsPerMinute: '', tokensPerMinute: '', concurrentRequests: '', dailyBudgetNanoUsd: '' },
  ...{ monthlyBudgetNanoUsd: '', maxRequestNanoUsd: '', budgetMode: '', allowedModels: '' },
  ...{ allowedStrategies: '', allowsUnpriced: '' },
};

interface LimitFieldsProps {
  frame: Frame;
  draft: LimitDraft;
  error: FormError | null;
  strategies: readonly string[];
}

export const LimitFields = ({ frame, draft, error, strategies }: LimitFieldsProps) => {
  const t = frame.t.keys;
  const chosen = draft.allowedStrategies.split(',').map((name) => name.trim());
  const number = { type: 'number', min: 0, error } as const;
  const names: Record<string, string> = t.strategies;
  return (
    <fieldset class="limits">
      <legend>{t.limitsTitle}</legend>
      <p class="hint">{t.limitsHint}</p>
      <div class="grid">
        <MoneyField
          {...{ label: t.dailyBudget, name: 'dailyBudgetNanoUsd', value: draft.dailyBudgetNanoUsd, error }}
          hint={t.budgetHint}
        />
        <MoneyField
          {...{ label: t.monthlyBudget, name: 'monthlyBudgetNanoUsd', value: draft.monthlyBudgetNanoUsd, error }}
        />
        <Select
          {...{ label: t.budgetMode, name: 'budgetMode', value: draft.budgetMode, error }}
          options={[
            { value: '', label: t.budgetModes.hard },
            { value: 'warn', label: t.budgetModes.warn },
          ]}
        />
        <MoneyField
          {...{ label: t.maxRequest, name: 'maxRequestNanoUsd', value: draft.maxRequestNanoUsd, error }}
          hint={t.maxRequestHint}
        />
        <Field
          {...{ label: t.requestsPerMinute, name: 'requestsPerMinute', value: draft.requestsPerMinute, ...number }}
          {...{ placeholder: t.gatewayDefault, hint: t.noLimit }}
        />
        <Field {...{ label: t.tokensPerMinute, name: 'tokensPerMinute', value: draft.tokensPerMinute, ...number }} />
        <Field
          {...{ label: t.concurrentRequests, name: 'concurrentRequests', value: draft.concurrentRequests, ...number }}
        />
        <Select
          {...{ label: t.allowsUnpriced, name: 'allowsUnpriced', value: draft.allowsUnpriced, error }}
          options={[
            { value: '', label: t.unpricedChoices.default },
            { value: 'true', label: t.unpricedChoices.yes },
            { value: 'false', label: t.unpricedChoices.no },
          ]}
        />
        <TextArea
          {...{ label: t.allowedModels, name: 'allowedModels', value: draft.allowedModels, error, rows: '3' }}
          hint={t.allowedModelsHint}
        />
        <fieldset class="field">
          <legend>{t.allowedStrategies}</legend>
          {strategies.map((value) => (
            <Checkbox
              {...{ label: names[value] ?? value, name: 'allowedStrategies', value, checked: chosen.includes(value) }}
            />
          ))}
        </fieldset>
      </div>
    </fieldset>
  );
};
