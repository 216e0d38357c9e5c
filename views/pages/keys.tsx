import { Confirm, ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { Money } from '../components/money.tsx';
import { Snippets } from '../components/snippets.tsx';
import { Empty, Table } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';

/** A key with what it has used in the last 24 hours. */
export interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  strategy: string | null;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  requests: number;
  costNanoUsd: number;
}

/** What was typed into the form, to be shown again beside a refusal. */
export interface KeyDraft {
  name: string;
  strategy: string;
  lifetime: string;
  requestsPerMinute: string;
  fallbackModels: string;
}

export const EMPTY_DRAFT: KeyDraft = {
  name: '',
  strategy: '',
  lifetime: '',
  requestsPerMinute: '',
  fallbackModels: '',
};

/** How long a key can be made to last, in days. */
export const LIFETIMES_DAYS = [7, 30, 90, 365] as const;

interface KeysProps {
  frame: Frame;
  keys: readonly KeyRow[];
  now: number;
  /** What the person may do here. */
  can: { make: boolean; revoke: boolean; limit: boolean };
  strategies: readonly string[];
  draft: KeyDraft;
  error: FormError | null;
  /** The key that was just made; its text is shown this once. */
  created: { name: string; keyText: string; baseUrl: string } | null;
}

export const KeysPage = (props: KeysProps) => (
  <Page title="Keys" frame={props.frame} path="/dashboard/keys">
    <div class="page-head">
      <h1>Keys</h1>
      <p class="muted">What your programs use the gateway with. One for each program makes its costs visible.</p>
    </div>
    {props.created && <CreatedPanel {...props.created} />}
    {props.can.make && <KeyForm {...props} />}
    <section>
      <h2>All keys</h2>
      {props.keys.length === 0 ? (
        <Empty title="No keys yet">The first one takes a name and a click.</Empty>
      ) : (
        <KeyTable {...props} />
      )}
    </section>
  </Page>
);

const CreatedPanel = ({ name, keyText, baseUrl }: NonNullable<KeysProps['created']>) => (
  <section class="panel created" aria-label="Your new key">
    <h2>“{name}” is ready</h2>
    <p>Copy the key now. It is not kept anywhere and cannot be shown again.</p>
    <div class="copy-line">
      <code id="new-key">{keyText}</code>
      <button type="button" data-copy="new-key" hidden={true}>
        Copy
      </button>
    </div>
    <Snippets keyText={keyText} baseUrl={baseUrl} />
  </section>
);

const KeyForm = ({ frame, can, strategies, draft, error }: KeysProps) => (
  <section class="panel">
    <h2>New key</h2>
    <ErrorNote error={error} />
    <form method="post" action="/dashboard/keys" class="stack">
      <FormToken value={frame.viewer.formToken} />
      <div class="row">
        <Field
          {...{ label: 'Name', name: 'name', value: draft.name, error }}
          placeholder="support bot"
          maxlength={100}
          required
        />
        <button type="submit" class="primary">
          Make the key
        </button>
      </div>
      <details open={error !== null}>
        <summary>Options</summary>
        <div class="grid">
          <Select
            {...{ label: 'Strategy of “auto”', name: 'strategy', value: draft.strategy }}
            options={[
              { value: '', label: 'gateway’s default' },
              ...strategies.map((value) => ({ value, label: value })),
            ]}
          />
          <Select
            {...{ label: 'Expires', name: 'lifetime', value: draft.lifetime }}
            options={[
              { value: '', label: 'never' },
              ...LIFETIMES_DAYS.map((days) => ({ value: String(days), label: `in ${days} days` })),
            ]}
          />
          {can.limit && (
            <Field
              {...{
                label: 'Requests per minute',
                name: 'requestsPerMinute',
                type: 'number',
                value: draft.requestsPerMinute,
                error,
              }}
              min={0}
              placeholder="gateway’s default"
              hint="0 = no limit"
            />
          )}
          <Field
            {...{ label: 'Fallback models', name: 'fallbackModels', value: draft.fallbackModels, error }}
            hint="Answer when the model that was asked for fails. Separated by commas."
          />
        </div>
      </details>
    </form>
  </section>
);

const COLUMNS = [
  { label: 'Name' },
  { label: 'Key' },
  { label: 'Strategy' },
  { label: 'Made' },
  { label: 'State' },
  { label: 'Requests', class: 'right' },
  { label: 'Spent, 24 h', class: 'right' },
  { label: 'Actions', class: 'right', isUnlabelled: true },
] as const;

const KeyTable = ({ frame, keys, now, can }: KeysProps) => (
  <Table caption="Keys, the newest first" columns={COLUMNS}>
    {keys.map((row) => (
      <tr class={row.revokedAt === null ? undefined : 'gone'}>
        <td class="lead">{row.name}</td>
        <td class="wide">
          <code>{row.prefix}…</code>
        </td>
        <td class="wide">{row.strategy ?? <span class="muted">default</span>}</td>
        <td class="wide nowrap muted">
          <Time at={row.createdAt} now={now} />
        </td>
        <td class="sub nowrap">
          <KeyState row={row} now={now} />
        </td>
        <td class="right wide number">{row.requests.toLocaleString('en-US')}</td>
        <td class="lead-end right">
          <Money nanoUsd={row.costNanoUsd} />
        </td>
        <td class="sub-end right">
          {can.revoke && row.revokedAt === null && (
            <Confirm
              {...{ action: `/dashboard/keys/${row.id}/revoke`, formToken: frame.viewer.formToken }}
              {...{ verb: 'Revoke', subject: row.name }}
            >
              Programs that use it are refused from now on.
            </Confirm>
          )}
        </td>
      </tr>
    ))}
  </Table>
);

const KeyState = ({ row, now }: { row: KeyRow; now: number }) => {
  if (row.revokedAt !== null) return <span class="badge">revoked</span>;
  if (row.expiresAt === null) return <span class="badge good">active</span>;
  if (row.expiresAt <= now) return <span class="badge warn">expired</span>;
  return (
    <span class="badge good">
      until <Time at={row.expiresAt} now={now} />
    </span>
  );
};
