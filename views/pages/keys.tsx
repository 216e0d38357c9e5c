import { CopyButton } from '../components/copy.tsx';
import { ConfirmButton, ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { Money } from '../components/money.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Snippets } from '../components/snippets.tsx';
import { Empty, Table } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import type { Copy } from '../copy/index.ts';
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
  /** What the person may do here. */
  can: { make: boolean; revoke: boolean; limit: boolean };
  strategies: readonly string[];
  draft: KeyDraft;
  error: FormError | null;
  /** The key that was just made; its text is shown this once. */
  created: { name: string; keyText: string; baseUrl: string } | null;
}

export const KeysPage = (props: KeysProps) => {
  const { frame, keys, created, can } = props;
  const t = frame.t.keys;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead} />
      {created && <CreatedPanel frame={frame} created={created} />}
      {can.make && <KeyForm {...props} />}
      <section>
        <h2>{t.all}</h2>
        {keys.length === 0 ? <Empty title={t.none}>{t.noneHint}</Empty> : <KeyTable {...props} />}
      </section>
    </Page>
  );
};

const CreatedPanel = ({ frame, created }: { frame: Frame; created: NonNullable<KeysProps['created']> }) => (
  <section class="panel created" aria-label={frame.t.keys.newKeyLabel}>
    <h2>{frame.t.keys.ready(created.name)}</h2>
    <p>{frame.t.keys.copyNow}</p>
    <div class="copy-line">
      <code id="new-key">{created.keyText}</code>
      <CopyButton frame={frame} from="new-key" />
    </div>
    <Snippets frame={frame} keyText={created.keyText} baseUrl={created.baseUrl} />
  </section>
);

const KeyForm = ({ frame, can, strategies, draft, error }: KeysProps) => {
  const t = frame.t.keys;
  return (
    <section class="panel">
      <h2>{t.newKey}</h2>
      <ErrorNote error={error} shown={['name', 'requestsPerMinute', 'fallbackModels']} />
      <form method="post" action="dashboard/keys" class="stack">
        <FormToken value={frame.viewer.formToken} />
        <div class="row">
          <Field
            {...{ label: t.name, name: 'name', value: draft.name, error }}
            placeholder={t.namePlaceholder}
            maxlength={100}
            required
          />
          <button type="submit" class="primary">
            {t.make}
          </button>
        </div>
        <details open={error !== null}>
          <summary>{t.options}</summary>
          <div class="grid">
            <Select
              {...{ label: t.strategy, name: 'strategy', value: draft.strategy }}
              options={[
                { value: '', label: t.gatewayDefault },
                ...strategies.map((value) => ({ value, label: strategyName(t, value) })),
              ]}
            />
            <Select
              {...{ label: t.expires, name: 'lifetime', value: draft.lifetime }}
              options={[
                { value: '', label: t.never },
                ...LIFETIMES_DAYS.map((days) => ({ value: String(days), label: t.inDays(days) })),
              ]}
            />
            {can.limit && (
              <Field
                {...{ label: t.requestsPerMinute, name: 'requestsPerMinute', type: 'number', error }}
                {...{ value: draft.requestsPerMinute, min: 0, placeholder: t.gatewayDefault, hint: t.noLimit }}
              />
            )}
            <Field
              {...{ label: t.fallbackModels, name: 'fallbackModels', value: draft.fallbackModels, error }}
              hint={t.fallbackHint}
            />
          </div>
        </details>
      </form>
    </section>
  );
};

function strategyName({ strategies }: Copy['keys'], strategy: string): string {
  const names: Record<string, string> = strategies;
  return names[strategy] ?? strategy;
}

const columns = ({ columns: c }: Copy['keys']) =>
  [
    { label: c.name },
    { label: c.key },
    { label: c.strategy },
    { label: c.made },
    { label: c.state },
    { label: c.requests, class: 'right' },
    { label: c.spent, class: 'right' },
    { label: c.actions, class: 'right', isUnlabelled: true },
  ] as const;

const KeyTable = ({ frame, keys, can }: KeysProps) => {
  const t = frame.t.keys;
  return (
    <Table caption={t.caption} columns={columns(t)}>
      {keys.map((row) => (
        <tr class={row.revokedAt === null ? undefined : 'gone'}>
          <td class="lead strong">{row.name}</td>
          <td class="wide">
            <code>{row.prefix}…</code>
          </td>
          <td class="wide">
            {row.strategy === null ? <span class="muted">{t.default}</span> : strategyName(t, row.strategy)}
          </td>
          <td class="wide nowrap muted">
            <Time frame={frame} at={row.createdAt} />
          </td>
          <td class="sub nowrap">
            <KeyState frame={frame} row={row} />
          </td>
          <td class="right wide number">{frame.format.count(row.requests)}</td>
          <td class="lead-end right">
            <Money frame={frame} nanoUsd={row.costNanoUsd} />
          </td>
          <td class="sub-end right">
            {can.revoke && row.revokedAt === null && (
              <ConfirmButton
                {...{ frame, id: `revoke-${row.id}`, action: `dashboard/keys/${row.id}/revoke` }}
                {...{ verb: t.revoke, subject: row.name }}
              >
                {t.revokeHint}
              </ConfirmButton>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
};

const KeyState = ({ frame, row }: { frame: Frame; row: KeyRow }) => {
  const t = frame.t.keys;
  if (row.revokedAt !== null) return <Badge>{t.revoked}</Badge>;
  if (row.expiresAt === null) return <Badge tone="good">{t.active}</Badge>;
  if (row.expiresAt <= frame.now) return <Badge tone="warn">{t.expired}</Badge>;
  return (
    <Badge tone="good">
      {t.until} <Time frame={frame} at={row.expiresAt} />
    </Badge>
  );
};
