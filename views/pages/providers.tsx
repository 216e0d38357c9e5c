import { Confirm, ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { Time } from '../components/time.tsx';
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
  now: number;
  canChange: boolean;
  /** What was typed, to be shown again beside a refusal; never the key. */
  draft: { provider: string; name: string };
  error: FormError | null;
}

export const ProvidersPage = (props: ProvidersProps) => (
  <Page title="Providers" frame={props.frame} path="/dashboard/providers">
    <div class="page-head">
      <h1>Providers</h1>
      <p class="muted">Whose models answer. Keys are encrypted on this machine and never shown again.</p>
    </div>
    {props.canChange && <ProviderForm {...props} />}
    <section>
      <h2>All providers</h2>
      <div class="vendors">
        {props.vendors.map((vendor) => (
          <VendorPanel {...props} vendor={vendor} />
        ))}
      </div>
    </section>
  </Page>
);

const ProviderForm = ({ frame, vendors, draft, error }: ProvidersProps) => (
  <section class="panel">
    <h2>Connect a provider</h2>
    <ErrorNote error={error} />
    <form method="post" action="/dashboard/providers" class="stack" autocomplete="off">
      <FormToken value={frame.viewer.formToken} />
      <div class="row">
        <Select
          {...{ label: 'Provider', name: 'provider', value: draft.provider }}
          options={vendors.map(({ id, label }) => ({ value: id, label }))}
        />
        <Field
          {...{ label: 'Name', name: 'name', value: draft.name, error }}
          placeholder="team account"
          maxlength={100}
          required
        />
        <Field
          {...{ label: 'Its API key', name: 'key', type: 'password', error }}
          autocomplete="off"
          maxlength={4096}
          required
        />
        <button type="submit" class="primary">
          Connect
        </button>
      </div>
    </form>
  </section>
);

const STATES = {
  connected: { class: 'badge good', label: 'connected' },
  simulated: { class: 'badge simulated', label: 'simulated' },
  off: { class: 'badge', label: 'not connected' },
} as const;

const VendorPanel = ({ vendor, now, canChange, frame }: ProvidersProps & { vendor: VendorRow }) => (
  <article class="panel vendor">
    <header>
      <h3>{vendor.label}</h3>
      <span class={STATES[vendor.state].class}>{STATES[vendor.state].label}</span>
    </header>
    <p class="muted">{explain(vendor)}</p>
    {vendor.keys.length > 0 && (
      <ul class="plain">
        {vendor.keys.map((key) => (
          <li>
            <span>
              {key.name}{' '}
              <span class="muted">
                added <Time at={key.createdAt} now={now} />
              </span>
            </span>
            {canChange && (
              <Confirm
                {...{ action: `/dashboard/providers/${key.id}/revoke`, formToken: frame.viewer.formToken }}
                {...{ verb: 'Remove', subject: key.name }}
              >
                The key is erased here. At the provider it stays valid.
              </Confirm>
            )}
          </li>
        ))}
      </ul>
    )}
  </article>
);

function explain({ state, keys }: VendorRow): string {
  if (state === 'simulated') return 'Without a key the built-in simulator answers. Nothing is spent.';
  if (state === 'off') return 'Without a key its models are not used.';
  return keys.length > 0 ? 'Its models answer.' : 'Its models answer. It was set up outside the dashboard.';
}
