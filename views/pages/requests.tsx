import { ErrorNote, Field, FilterForm, type FormError, MoneyField, Select } from '../components/form.tsx';
import { Details, PageHead } from '../components/page-head.tsx';
import { Empty, Pager } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';
import { COMPLEXITIES, type LatestRequest } from './overview-figures.ts';
import { RequestTable } from './request-table.tsx';

export const RANGES = ['1h', '24h', '7d', '30d', 'all'] as const;
export const DEFAULT_RANGE = '7d';

const OUTCOMES = ['ok', 'failed', 'error', 'refused', 'aborted'] as const;
const CACHE_STATES = ['hit', 'miss', 'bypass'] as const;

interface Named {
  id: string;
  name: string;
}

/** What a list can be filtered by. */
export interface FilterChoices {
  keys: readonly Named[];
  /** Empty for those who see their own only. */
  users: readonly Named[];
  models: readonly string[];
  providers: readonly string[];
}

/** A filter that is on, and the page without it. */
export interface ActiveFilter {
  name: string;
  value: string;
  hrefWithout: string;
}

export interface RequestsProps {
  frame: Frame;
  /** What stands in the form, by field. */
  values: Readonly<Record<string, string>>;
  error: FormError | null;
  choices: FilterChoices;
  active: readonly ActiveFilter[];
  requests: readonly LatestRequest[];
  newer: string | null;
  older: string | null;
  /** Fewer were found than a page holds, and those before this time were not looked at. */
  lookedBackTo: number | null;
  exports: { csv: string; json: string };
}

const PATH = 'dashboard/requests';

/** The ledger, request by request. */
export const RequestsPage = (props: RequestsProps) => {
  const { frame, requests, newer, older, lookedBackTo, exports, error } = props;
  const t = frame.t.requests;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={frame.viewer.role === 'member' ? frame.t.overview.ownOnly : t.lead}>
        <a class="button quiet" href={exports.csv} download="requests.csv">
          {t.export('CSV')}
        </a>
        <a class="button quiet" href={exports.json} download="requests.json">
          {t.export('JSON')}
        </a>
      </PageHead>
      <Filters {...props} />
      <div id="requests" class="stack">
        <ErrorNote error={error} />
        <Chips {...props} />
        <Rows {...props} />
        {lookedBackTo !== null && (
          <p class="muted">
            {t.lookedBackTo} <Time frame={frame} at={lookedBackTo} />.{' '}
            {older !== null && <a href={older}>{t.lookOn}</a>}
          </p>
        )}
        {requests.length > 0 && <Pager frame={frame} newer={newer} older={older} />}
      </div>
    </Page>
  );
};

const Rows = ({ frame, requests, active, error, values }: RequestsProps) => {
  const t = frame.t.requests;
  if (error) return null;
  if (requests.length === 0 && (active.length > 0 || values.page === 'further')) {
    return (
      <Empty title={t.noMatch}>
        {t.noMatchHint} <a href={PATH}>{frame.t.common.reset}</a>
      </Empty>
    );
  }
  return <RequestTable frame={frame} caption={t.caption} requests={requests} />;
};

const Chips = ({ frame, active }: RequestsProps) =>
  active.length === 0 ? null : (
    <ul class="chips" aria-label={frame.t.common.filters}>
      {active.map(({ name, value, hrefWithout }) => (
        <li>
          <a class="chip" href={hrefWithout} title={frame.t.requests.removeFilter}>
            <span class="muted">{name}</span> <span class="chip-value">{value}</span> <span aria-hidden="true">×</span>
            <span class="unseen">{frame.t.requests.removeFilter}</span>
          </a>
        </li>
      ))}
    </ul>
  );

const Filters = ({ frame, values, choices, active, error }: RequestsProps) => {
  const t = frame.t.requests;
  const { fields } = t;
  const any = { value: '', label: t.any };
  const of = (name: string) => values[name] ?? '';
  const plain = (names: readonly string[]) => [any, ...names.map((value) => ({ value, label: value }))];
  const named = (list: readonly Named[]) => [any, ...list.map(({ id, name }) => ({ value: id, label: name }))];
  const isOpen = error !== null || active.some(({ name }) => MORE.some((field) => fields[field] === name));
  return (
    <FilterForm frame={frame} action={PATH}>
      <Select
        {...{ label: fields.range, name: 'range', value: of('range') }}
        options={RANGES.map((value) => ({ value, label: t.ranges[value] }))}
      />
      <Select {...{ label: fields.key, name: 'key', value: of('key'), options: named(choices.keys) }} />
      <Select {...{ label: fields.model, name: 'model', value: of('model'), options: plain(choices.models) }} />
      <Select
        {...{ label: fields.outcome, name: 'outcome', value: of('outcome') }}
        options={[any, ...OUTCOMES.map((value) => ({ value, label: t.outcomes[value] }))]}
      />
      <Field {...{ label: fields.id, name: 'id', value: of('id'), type: 'search', error }} />
      <Details summary={t.more} isOpen={isOpen}>
        <div class="more-filters">
          {choices.users.length > 0 && (
            <Select {...{ label: fields.user, name: 'user', value: of('user'), options: named(choices.users) }} />
          )}
          <Select
            {...{ label: fields.provider, name: 'provider', value: of('provider'), options: plain(choices.providers) }}
          />
          <Select
            {...{ label: fields.complexity, name: 'complexity', value: of('complexity') }}
            options={[any, ...COMPLEXITIES.map((value) => ({ value, label: frame.t.overview.complexities[value] }))]}
          />
          <Select
            {...{ label: fields.cache, name: 'cache', value: of('cache') }}
            options={[any, ...CACHE_STATES.map((value) => ({ value, label: frame.t.overview.cacheStates[value] }))]}
          />
          <Field {...{ label: fields.status, name: 'status', value: of('status'), inputmode: 'numeric', error }} />
          <MoneyField {...{ label: fields.minCost, name: 'minCost', value: of('minCost'), error }} />
          <Select
            {...{ label: fields.unpriced, name: 'unpriced', value: of('unpriced') }}
            options={[any, { value: 'yes', label: t.onlyUnpriced }]}
          />
          <Field {...{ label: fields.since, name: 'since', value: of('since'), type: 'datetime-local', error }} />
          <Field {...{ label: fields.until, name: 'until', value: of('until'), type: 'datetime-local', error }} />
        </div>
      </Details>
    </FilterForm>
  );
};

/** Fields that are folded away until one of them is used. */
const MORE = [
  ...(['user', 'provider', 'complexity', 'cache', 'status', 'minCost', 'unpriced', 'since', 'until'] as const),
] as const;
