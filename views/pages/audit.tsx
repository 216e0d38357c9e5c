import { Field, FilterForm, Select } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Empty, Pager, Table } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';

export interface AuditEntry {
  id: string;
  at: number;
  actorName: string | null;
  actorRole: string | null;
  action: string;
  subjectKind: string;
  subjectName: string | null;
  details: Readonly<Record<string, unknown>>;
  address: string | null;
}

export interface AuditQuery {
  person: string;
  action: string;
  from: string;
  to: string;
}

interface AuditProps {
  frame: Frame;
  entries: readonly AuditEntry[];
  query: AuditQuery;
  people: readonly { id: string; name: string }[];
  actions: readonly string[];
  newer: string | null;
  older: string | null;
}

/** Who changed what. */
export const AuditPage = (props: AuditProps) => {
  const { frame, entries, query, people, actions, newer, older } = props;
  const t = frame.t.operations.audit;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead} />
      <FilterForm frame={frame} action="dashboard/audit" target="#audit-list">
        <Select
          {...{ label: t.person, name: 'person', value: query.person }}
          options={[{ value: '', label: t.everybody }, ...people.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <Select
          {...{ label: t.action, name: 'action', value: query.action }}
          options={[
            { value: '', label: t.everything },
            ...actions.map((value) => ({ value, label: wordFor(t.actions, value) })),
          ]}
        />
        <Field {...{ label: t.from, name: 'from', type: 'date', value: query.from }} />
        <Field {...{ label: t.to, name: 'to', type: 'date', value: query.to }} />
      </FilterForm>
      <div id="audit-list" class="stack">
        {entries.length === 0 ? <Empty title={t.none} /> : <Entries {...props} />}
        {(newer !== null || older !== null) && <Pager frame={frame} newer={newer} older={older} />}
      </div>
    </Page>
  );
};

const Entries = ({ frame, entries }: AuditProps) => {
  const t = frame.t.operations.audit;
  const c = t.columns;
  const columns = [c.when, c.who, c.what, c.subject, c.details, c.address].map((label) => ({ label }));
  return (
    <Table caption={t.caption} columns={columns}>
      {entries.map((entry) => (
        <tr>
          <td class="sub nowrap muted">
            <Time frame={frame} at={entry.at} />
          </td>
          <td class="lead strong">
            {entry.actorName ?? <span class="muted">{t.nobody}</span>}
            <span class="narrow"> {wordFor(t.actions, entry.action)}</span>
          </td>
          <td class="wide">{wordFor(t.actions, entry.action)}</td>
          <td class="lead-end">
            {entry.subjectName ?? <span class="muted">{wordFor(t.kinds, entry.subjectKind)}</span>}
          </td>
          <td class="wide muted">{detailsInWords(frame, entry.details)}</td>
          <td class="sub-end muted number">{entry.address}</td>
        </tr>
      ))}
    </Table>
  );
};

function wordFor(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}

/** Fields in words; those without are called as in the API, which is what an admin looks them up by. */
function detailsInWords(frame: Frame, details: Readonly<Record<string, unknown>>): string {
  const { fields } = frame.t.operations.audit;
  return Object.entries(details)
    .filter(([name, value]) => name !== 'address' && value !== null && value !== undefined)
    .map(([name, value]) => {
      const write = (one: unknown) => writeDetail(frame, name, one);
      return `${wordFor(fields, name)}: ${isChange(name, value) ? value.map(write).join(' → ') : write(value)}`;
    })
    .join(', ');
}

const LISTS: ReadonlySet<string> = new Set([
  ...['allowedModels', 'allowedStrategies', 'fallbackModels', 'approve', 'approveRuns'],
]);

/** What was and what is; a list of two names is none. */
function isChange(name: string, value: unknown): value is [unknown, unknown] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  return !LISTS.has(name) || value.some((one) => typeof one !== 'string');
}

function writeDetail(frame: Frame, name: string, value: unknown): string {
  const { t, format } = frame;
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return t.operations.audit.isSo[`${value}`];
  if (typeof value === 'number') {
    if (name.endsWith('NanoUsd')) return format.money(value);
    if (name.endsWith('At')) return format.dateTime(value);
    return format.decimal(value);
  }
  if (Array.isArray(value)) return value.map((one) => writeDetail(frame, name, one)).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (/strateg/i.test(name)) return wordFor(t.keys.strategies, text);
  return name === 'role' ? wordFor(t.frame.roles, text) : text;
}
