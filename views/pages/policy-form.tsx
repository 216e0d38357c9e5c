import { ErrorNote, type FormError, FormToken, TextArea } from '../components/form.tsx';
import { Details } from '../components/page-head.tsx';
import type { Frame } from '../layout.tsx';
import { type PolicyDraft, PolicyFields } from './policy-fields.tsx';

/** A key's policy as its page shows it. */
export interface ShownPolicy {
  draft: PolicyDraft;
  /** As it was typed, or as it is. */
  json: string;
  /** Rules that the fields do not show. */
  otherRules: number;
  hasExperiment: boolean;
}

interface PolicyFormProps {
  frame: Frame;
  keyId: string;
  policy: ShownPolicy;
  strategies: readonly string[];
  error: FormError | null;
}

const FIELDS = ['policyStrategy', 'tolerance', 'minComplexity', 'deniedModels', 'policyJson'];

/** How the gateway is to choose for a key: the most of it as fields, all of it as JSON. */
export const PolicyForm = ({ frame, keyId, policy, strategies, error }: PolicyFormProps) => {
  const t = frame.t.policy;
  const token = <FormToken value={frame.viewer.formToken} />;
  return (
    <section class="panel stack" id="policy">
      <h2>{t.title}</h2>
      <p class="muted">{t.lead}</p>
      <ErrorNote error={error} shown={FIELDS} />
      <form method="post" action={`dashboard/keys/${keyId}/policy#policy`} class="stack">
        {token}
        <PolicyFields {...{ frame, draft: policy.draft, error, strategies }} />
        {(policy.otherRules > 0 || policy.hasExperiment) && (
          <p class="hint">
            {policy.otherRules > 0 && `${t.others(policy.otherRules)} `}
            {policy.hasExperiment && t.hasExperiment}
          </p>
        )}
        <div>
          <button type="submit" class="primary">
            {t.save}
          </button>
        </div>
      </form>
      <Details summary={t.json} isOpen={error?.field === 'policyJson'}>
        <form method="post" action={`dashboard/keys/${keyId}/policy/json#policy`} class="stack">
          {token}
          <TextArea
            {...{ label: t.jsonLabel, name: 'policyJson', value: policy.json, error, rows: '12', hint: t.jsonHint }}
          />
          <div>
            <button type="submit">{t.saveJson}</button>
          </div>
        </form>
      </Details>
    </section>
  );
};
