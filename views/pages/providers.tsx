import { ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { type Frame, Page } from '../layout.tsx';
import { ProviderPanel, type ProviderRow, type TrialShown } from './providers/panel.tsx';

export type { ProviderRow, TrialShown } from './providers/panel.tsx';

interface ProvidersProps {
  frame: Frame;
  providers: readonly ProviderRow[];
  canChange: boolean;
  /** What was typed, to be shown again beside a refusal; never the key. */
  draft: { provider: string; name: string; weight: string };
  error: FormError | null;
  /** What has just been tried. */
  trial: TrialShown | null;
}

export const ProvidersPage = (props: ProvidersProps) => {
  const { frame, providers, canChange, trial } = props;
  const t = frame.t.providers;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead}>
        {canChange && (
          <a class="button" href="dashboard/providers/new">
            {t.addServer}
          </a>
        )}
      </PageHead>
      {canChange && <KeyForm {...props} />}
      <section>
        <h2>{t.all}</h2>
        <div class="vendors">
          {providers.map((provider) => (
            <ProviderPanel {...{ frame, provider, canChange, trial }} />
          ))}
        </div>
      </section>
    </Page>
  );
};

const KeyForm = ({ frame, providers, draft, error }: ProvidersProps) => {
  const t = frame.t.providers;
  return (
    <section class="panel">
      <h2>{t.connectTitle}</h2>
      <ErrorNote error={error} shown={['provider', 'name', 'key', 'weight']} />
      <form method="post" action="dashboard/providers" class="stack" autocomplete="off">
        <FormToken value={frame.viewer.formToken} />
        <div class="row">
          <Select
            {...{ label: t.provider, name: 'provider', value: draft.provider, error }}
            options={providers.map(({ id, label }) => ({ value: id, label }))}
          />
          <Field
            {...{ label: t.name, name: 'name', value: draft.name, error }}
            placeholder={t.namePlaceholder}
            maxlength={100}
            required
          />
          <Field
            {...{ label: t.apiKey, name: 'key', type: 'password', error }}
            autocomplete="off"
            maxlength={4096}
            required
          />
          <Field
            {...{ label: t.weight, name: 'weight', type: 'number', value: draft.weight, error, min: 0 }}
            placeholder="1"
          />
          <button type="submit" class="primary">
            {t.connect}
          </button>
        </div>
        <p class="hint">{t.weightHint}</p>
      </form>
    </section>
  );
};
