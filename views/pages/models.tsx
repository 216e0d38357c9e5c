import type { Model } from '../../registry/schema.ts';
import { Field, FilterForm, Select } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge, StatusLight } from '../components/signs.tsx';
import { Empty, Table } from '../components/table.tsx';
import { type Frame, Page } from '../layout.tsx';
import { ABILITIES, can, modelPath, nano, priceToday, qualityOf } from './models/facts.ts';
import { ModelStatus } from './models/status.tsx';

export const SORTS = ['name', 'input', 'cached', 'output', 'quality', 'context', 'retires'] as const;
export type ModelSort = (typeof SORTS)[number];

export interface ModelsQuery {
  q: string;
  provider: string;
  /** `current` = all that still answer. */
  status: string;
  ability: string;
  sort: ModelSort;
  dir: 'ascending' | 'descending';
}

interface ModelsProps {
  frame: Frame;
  models: readonly Model[];
  /** How many there are without the filter. */
  all: number;
  providers: readonly { id: string; label: string }[];
  isConnected: (providerId: string) => boolean;
  query: ModelsQuery;
}

const PATH = 'dashboard/models';

export const ModelsPage = (props: ModelsProps) => {
  const { frame, models, all, providers, query } = props;
  const t = frame.t.models;
  const option = (value: string, label: string) => ({ value, label });
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead} />
      <FilterForm frame={frame} action={PATH} target="#models">
        <Field {...{ label: t.search, name: 'q', type: 'search', value: query.q, maxlength: 200 }} />
        <Select
          {...{ label: t.provider, name: 'provider', value: query.provider }}
          options={[option('', t.any), ...providers.map(({ id, label }) => option(id, label))]}
        />
        <Select
          {...{ label: t.status, name: 'status', value: query.status }}
          options={[
            option('current', t.current),
            option('all', t.any),
            ...Object.entries(t.statuses).map(([value, label]) => option(value, label)),
          ]}
        />
        <Select
          {...{ label: t.ability, name: 'ability', value: query.ability }}
          options={[option('', t.any), ...ABILITIES.map((ability) => option(ability, t.abilities[ability]))]}
        />
        <input type="hidden" name="sort" value={query.sort} />
        <input type="hidden" name="dir" value={query.dir} />
      </FilterForm>
      <div id="models" class="models">
        <p class="muted" role="status">
          {t.shown(models.length, all)}
        </p>
        {models.length === 0 ? <Empty title={t.none}>{t.noneHint}</Empty> : <ModelTable {...props} />}
      </div>
    </Page>
  );
};

const ModelTable = ({ frame, models, isConnected, query }: ModelsProps) => {
  const t = frame.t.models;
  const column = (sort: ModelSort, label: string, side?: 'right') => {
    const isSorted = query.sort === sort;
    const dir = isSorted && query.dir === 'ascending' ? 'descending' : 'ascending';
    const address = new URLSearchParams({ ...query, sort, dir });
    return { label, class: side, sortHref: `${PATH}?${address}`, sorted: isSorted ? query.dir : undefined };
  };
  const columns = [
    column('name', t.columns.name),
    column('input', t.columns.input, 'right'),
    column('cached', t.columns.cached, 'right'),
    column('output', t.columns.output, 'right'),
    column('quality', t.columns.quality, 'right'),
    column('context', t.columns.context, 'right'),
    { label: t.columns.abilities },
    column('retires', t.columns.status),
  ];
  return (
    <div class="sticky-head">
      <Table caption={t.caption} columns={columns}>
        {models.map((model) => (
          <ModelLine {...{ frame, model, isLive: isConnected(model.provider) }} />
        ))}
      </Table>
    </div>
  );
};

const ModelLine = ({ frame, model, isLive }: { frame: Frame; model: Model; isLive: boolean }) => {
  const { t, format } = frame;
  const rates = priceToday(model, frame.now)?.rates;
  const money = (usd: number | undefined) => {
    const amount = nano(usd);
    return amount === null ? '–' : format.money(amount);
  };
  const quality = qualityOf(model);
  return (
    <tr>
      <td class="lead">
        <a class="model" href={modelPath(model)}>
          {model.name}
        </a>
        <span class="asked">
          <StatusLight frame={frame} state={isLive ? 'good' : 'off'} label={`${model.provider}/${model.id}`} />
          <span class="unseen">{isLive ? t.models.connected : t.models.notConnected}</span>
        </span>
      </td>
      {rates ? (
        <>
          <td class="wide right number">{money(rates.input)}</td>
          <td class="wide right number">{money(rates.cacheRead)}</td>
          <td class="lead-end right number">
            <span class="narrow">{money(rates.input)} / </span>
            {money(rates.output)}
          </td>
        </>
      ) : (
        <>
          <td class="wide right">–</td>
          <td class="wide right">–</td>
          <td class="lead-end right">
            <Badge tone="warn" title={t.common.unpricedHint}>
              {t.common.unpriced}
            </Badge>
          </td>
        </>
      )}
      <td class="wide right number">{quality === null ? '–' : format.count(quality)}</td>
      <td class="sub-end right number">{format.compact(model.context.window)}</td>
      <td class="wide abilities">
        {ABILITIES.filter((ability) => can(model, ability))
          .map((ability) => t.models.abilities[ability])
          .join(', ')}
      </td>
      <td class="sub">
        <ModelStatus frame={frame} model={model} />
      </td>
    </tr>
  );
};
