import { ConfirmButton, ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Time } from '../components/time.tsx';
import type { Copy } from '../copy/index.ts';
import { type Frame, Page } from '../layout.tsx';

export interface VendorRow {
  id: string;
  label: string;
  state: 'connected' | 'simulated' | 'off';
  keys: readonly { id: string; name: string; createdAt: number }[];
}

interface ProvidersProps {
  frame: Frame;
  vendors: readonly VendorRow[];
  canChange: boolean;
  /** What was typed, to be shown again beside a refusal; never the key. */
  draft: { provider: string; name: string };
  error: FormError | null;
}

export const ProvidersPage = (props: ProvidersProps) => {
  const t = props.frame.t.providers;
  return (
    <Page title={t.title} frame={props.frame}>
      <PageHead title={t.title} lead={t.lead} />
      {props.canChange && <ProviderForm {...props} />}
      <section>
        <h2>{t.all}</h2>
        <div class="vendors">
          {props.vendors.map((vendor) => (
            <VendorPanel {...props} vendor={vendor} />
          ))}
        </div>
      </section>
    </Page>
  );
};

const ProviderForm = ({ frame, vendors, draft, error }: ProvidersProps) => {
  const t = frame.t.providers;
  return (
    <section class="panel">
      <h2>{t.connectTitle}</h2>
      <ErrorNote error={error} shown={['provider', 'name', 'key']} />
      <form method="post" action="dashboard/providers" class="stack" autocomplete="off">
        <FormToken value={frame.viewer.formToken} />
        <div class="row">
          <Select
            {...{ label: t.provider, name: 'provider', value: draft.provider, error }}
            options={vendors.map(({ id, label }) => ({ value: id, label }))}
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
          <button type="submit" class="primary">
            {t.connect}
          </button>
        </div>
      </form>
    </section>
  );
};

const TONES = { connected: 'good', simulated: 'simulated', off: 'plain' } as const;

const VendorPanel = ({ vendor, canChange, frame }: ProvidersProps & { vendor: VendorRow }) => {
  const t = frame.t.providers;
  return (
    <article class="panel vendor">
      <header>
        <h3>{vendor.label}</h3>
        <Badge tone={TONES[vendor.state]}>{t.states[vendor.state]}</Badge>
      </header>
      <p class="muted">{explain(t, vendor)}</p>
      {vendor.keys.length > 0 && (
        <ul class="plain">
          {vendor.keys.map((key) => (
            <li>
              <span>
                {key.name}{' '}
                <span class="muted">
                  {t.added} <Time frame={frame} at={key.createdAt} />
                </span>
              </span>
              {canChange && (
                <ConfirmButton
                  {...{ frame, id: `remove-${key.id}`, action: `dashboard/providers/${key.id}/revoke` }}
                  {...{ verb: t.remove, subject: key.name }}
                >
                  {t.removeHint}
                </ConfirmButton>
              )}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
};

function explain(t: Copy['providers'], { state, keys }: VendorRow): string {
  if (state === 'simulated') return t.whenSimulated;
  if (state === 'off') return t.whenOff;
  return keys.length > 0 ? t.whenConnected : t.whenFromOutside;
}
