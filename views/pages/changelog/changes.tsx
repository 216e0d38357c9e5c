import { Badge } from '../../components/signs.tsx';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import type { PlainFrame } from '../../frame.ts';
import { modelPath } from '../models/facts.ts';

/** An event of the catalogue as it is written down. */
export interface RegistryChangeRow {
  id: string;
  at: number;
  source: 'job' | 'api' | 'command' | 'calendar';
  type: string;
  provider: string;
  model: string | null;
  tier: string | null;
  promptOver: number | null;
  field: string | null;
  oldValue: string | number | null;
  newValue: string | number | null;
  ratio: number | null;
  effectiveFrom: string | null;
  message: string;
  url: string | null;
  fetchedAt: string | null;
  sha256: string | null;
  parser: string | null;
}

interface ChangeTableProps {
  frame: PlainFrame;
  changes: readonly RegistryChangeRow[];
  isOfOneModel?: boolean;
}

/** Events, old → new with their ratio, and the page each was read from. */
export const ChangeTable = ({ frame, changes, isOfOneModel = false }: ChangeTableProps) => {
  const t = frame.t.changelog;
  const columns = [
    { label: t.columns.what },
    { label: t.columns.change },
    { label: t.columns.source },
    { label: t.columns.when, class: 'right' },
  ] as const;
  return (
    <Table caption={t.caption} columns={columns}>
      {changes.map((change) => (
        <tr>
          <td class="lead">
            <Badge tone={toneOf(change.type)}>{typeLabel(frame, change.type)}</Badge>{' '}
            {!isOfOneModel && <Subject change={change} />}
          </td>
          <td class="sub">
            <Move frame={frame} change={change} />
          </td>
          <td class="wide muted">
            {t.sources[change.source]} <Page change={change} />
          </td>
          <td class="lead-end right nowrap">
            <Time frame={frame} at={change.at} />
          </td>
        </tr>
      ))}
    </Table>
  );
};

const Subject = ({ change }: { change: RegistryChangeRow }) =>
  change.model === null ? (
    <span>{change.provider}</span>
  ) : (
    <a class="model" href={modelPath({ provider: change.provider, id: change.model })}>
      {change.model}
    </a>
  );

const Move = ({ frame, change }: { frame: PlainFrame; change: RegistryChangeRow }) => {
  const { oldValue, newValue, ratio, field, tier, promptOver, effectiveFrom } = change;
  // What a page or a reader says has no other language.
  if (oldValue === null && newValue === null && tier === null) {
    const words: Record<string, string> = frame.t.changelog.says;
    const said = Object.hasOwn(words, change.type) ? words[change.type] : undefined;
    return said === undefined ? <q lang="en">{change.message}</q> : <span>{said}</span>;
  }
  const isPrice = tier !== null;
  const write = (value: string | number | null) => {
    if (value === null) return '–';
    return typeof value === 'number' && isPrice ? frame.format.money(Math.round(value * 1e9)) : String(value);
  };
  const { tiers } = frame.t.models;
  const names = [
    wordFor(tiers, tier),
    promptOver ? `> ${frame.format.compact(promptOver)}` : '',
    fieldName(frame, field),
  ];
  const place = names.filter(Boolean).join(' · ');
  return (
    <>
      {place !== '' && <span class="muted">{place} </span>}
      {(oldValue !== null || newValue !== null) && (
        <span class="number nowrap">
          {write(oldValue)} → {write(newValue)}
        </span>
      )}
      {ratio !== null && <span class={['delta', ratio > 1 ? 'bad' : 'good']}> {frame.format.ratio(ratio)}</span>}
      {effectiveFrom !== null && (
        <span class="muted"> {frame.t.models.from(frame.format.date(Date.parse(effectiveFrom)))}</span>
      )}
    </>
  );
};

export function wordFor(words: Record<string, string>, name: string | null): string {
  return name !== null && Object.hasOwn(words, name) ? (words[name] ?? name) : (name ?? '');
}

/** A rate or a fact of the catalogue, as it is called on the pages. */
export function fieldName({ t, format }: PlainFrame, field: string | null): string {
  const ttl = /^cacheWrite\.(\d+)$/.exec(field ?? '')?.[1];
  if (ttl) return `${t.models.cacheWrite} (${format.duration(Number(ttl) * 1000)})`;
  return wordFor({ ...t.request.rates, ...t.changelog.fields }, field);
}

const Page = ({ change }: { change: RegistryChangeRow }) => {
  const { url, parser, sha256, fetchedAt } = change;
  const address = URL.parse(url ?? '');
  if (url === null || address === null || !/^https?:$/.test(address.protocol)) return null;
  const told = [parser, fetchedAt, sha256 && `sha256 ${sha256}`].filter(Boolean).join('\n');
  return (
    <a href={url} title={told} rel="noreferrer noopener">
      {address.hostname}
    </a>
  );
};

export function typeLabel({ t }: PlainFrame, type: string): string {
  const known = Object.entries(t.changelog.types).find(([name]) => name === type);
  return known?.[1] ?? type;
}

function toneOf(type: string): 'danger' | 'warn' | 'good' | 'accent' | 'plain' {
  if (type === 'run_rejected' || type === 'model_retired' || type === 'row_error') return 'danger';
  if (/held|quarantined|deprecated|missing|warning|disagrees|withdrawn/.test(type)) return 'warn';
  if (type === 'model_added' || type === 'model_returned') return 'good';
  return type.startsWith('price') || type === 'promo_ended' ? 'accent' : 'plain';
}
