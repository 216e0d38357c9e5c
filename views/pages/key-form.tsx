import { Checkbox, Field, type FormError, Select, TextArea } from '../components/form.tsx';
import type { Frame } from '../layout.tsx';
import { strategyName } from './key-parts.tsx';
import { EMPTY_LIMITS, type LimitDraft } from './limit-fields.tsx';
import { EMPTY_POLICY, type PolicyDraft } from './policy-fields.tsx';

/** What was typed into the form, to be shown again beside a refusal. */
export interface KeyDraft extends LimitDraft {
  name: string;
  ownerId: string;
  strategy: string;
  lifetime: string;
  /** A day, `2030-01-31`. */
  expiresOn: string;
  fallbackModels: string;
  storesBodies: string;
  /** Of a new key; an old one has a form of its own for it. */
  policy: PolicyDraft;
}

export const EMPTY_DRAFT: KeyDraft = {
  ...EMPTY_LIMITS,
  ...{ name: '', ownerId: '', strategy: '', lifetime: '', expiresOn: '', fallbackModels: '', storesBodies: '' },
  policy: EMPTY_POLICY,
};

/** Fields that show what is wrong with them themselves. */
export const KEY_FIELDS = ['name', 'ownerId', 'strategy', 'expiresAt', 'fallbackModels', ...Object.keys(EMPTY_LIMITS)];

interface FieldsProps {
  frame: Frame;
  draft: KeyDraft;
  error: FormError | null;
  strategies: readonly string[];
}

export const NameField = ({ frame, draft, error }: Omit<FieldsProps, 'strategies'>) => (
  <Field
    {...{ label: frame.t.keys.name, name: 'name', value: draft.name, error }}
    placeholder={frame.t.keys.namePlaceholder}
    maxlength={100}
    required
  />
);

/** What a key does, as far as everybody who may change it may change that. */
export const UseFields = ({ frame, draft, error, strategies }: FieldsProps) => {
  const t = frame.t.keys;
  return (
    <>
      <Select
        {...{ label: t.strategy, name: 'strategy', value: draft.strategy, error }}
        options={[
          { value: '', label: t.gatewayDefault },
          ...strategies.map((value) => ({ value, label: strategyName(t, value) })),
        ]}
      />
      <TextArea
        {...{ label: t.fallbackModels, name: 'fallbackModels', value: draft.fallbackModels, error, rows: '2' }}
        hint={t.fallbackHint}
      />
      <Checkbox
        {...{ label: t.storesBodies, name: 'storesBodies', checked: draft.storesBodies !== '' }}
        hint={t.storesBodiesHint}
      />
    </>
  );
};
