import type { ModelOverride } from '../../registry/override.ts';
import type { Model } from '../../registry/schema.ts';
import { ChartFigure } from '../components/chart.tsx';
import { ErrorNote, Field, type FormError, FormToken, MoneyField } from '../components/form.tsx';
import { Details, PageHead } from '../components/page-head.tsx';
import { Badge, StatusLight } from '../components/signs.tsx';
import { Stat, Stats } from '../components/stat.tsx';
import { Empty } from '../components/table.tsx';
import { type Frame, Page } from '../layout.tsx';
import { ChangeTable, type RegistryChangeRow } from './changelog/changes.tsx';
import { ABILITIES, can, modelPath, nano, priceHistory, priceToday, qualityOf } from './models/facts.ts';
import { PriceLists } from './models/price-lists.tsx';
import { ModelStatus } from './models/status.tsx';

export interface OverrideDraft {
  input: string;
  output: string;
  cacheRead: string;
  quality: string;
  note: string;
}

export interface ModelUsage {
  requests: number;
  errors: number;
  costNanoUsd: number;
  simulatedNanoUsd: number;
  promptTokens: number;
  outputTokens: number;
}

interface ModelProps {
  frame: Frame;
  model: Model;
  isConnected: boolean;
  isPinned: boolean;
  override: ModelOverride | null;
  /** Whether the viewer may change it; null = it is the operator's own and changed elsewhere. */
  canChange: boolean | null;
  /** Of the last 30 days; null = not for this viewer. */
  usage: ModelUsage | null;
  changes: readonly RegistryChangeRow[];
  draft: OverrideDraft;
  error: FormError | null;
}

export const ModelPage = (props: ModelProps) => {
  const { frame, model, isConnected, changes } = props;
  const t = frame.t.models;
  const labels = t.columns;
  const history = priceHistory(model, {
    ...{ now: frame.now, format: frame.format },
    labels: { input: labels.input, output: labels.output, cacheRead: labels.cached },
  });
  return (
    <Page title={model.name} frame={frame} hasCharts>
      <PageHead title={model.name} lead={`${model.provider}/${model.id}`}>
        <StatusLight
          frame={frame}
          state={isConnected ? 'good' : 'off'}
          label={isConnected ? t.connected : t.notConnected}
        />
        <ModelStatus frame={frame} model={model} />
      </PageHead>
      <Facts {...props} />
      <section>
        <h2>{t.prices}</h2>
        <p class="muted">{t.pricesHint}</p>
        <PriceLists frame={frame} model={model} />
      </section>
      {history && (
        <ChartFigure
          {...{ frame, id: 'price-history', title: t.history, kind: 'step-line', unit: 'money', data: history }}
        />
      )}
      <About {...props} />
      {props.canChange === null && <p class="note info">{t.ownModel}</p>}
      {props.canChange && <Steer {...props} />}
      <section>
        <h2>{t.changes}</h2>
        {changes.length === 0 ? (
          <Empty title={t.noChanges} />
        ) : (
          <ChangeTable frame={frame} changes={changes} isOfOneModel />
        )}
      </section>
    </Page>
  );
};

const Facts = ({ frame, model, usage }: ModelProps) => {
  const { t, format } = frame;
  const row = priceToday(model, frame.now);
  const money = (usd: number | undefined) => {
    const amount = nano(usd);
    return amount === null ? '–' : format.money(amount);
  };
  const price = row ? `${money(row.rates.input)} / ${money(row.rates.output)}` : t.common.unpriced;
  const quality = qualityOf(model);
  return (
    <Stats>
      <Stat label={t.models.inOut} value={price}>
        {t.models.perMillion}
      </Stat>
      <Stat label={t.models.columns.quality} value={quality === null ? '–' : format.count(quality)}>
        {model.quality.overall?.source}
      </Stat>
      <Stat label={t.models.columns.context} value={format.compact(model.context.window)}>
        {model.context.maxOutput !== null && t.models.maxOutput(format.compact(model.context.maxOutput))}
      </Stat>
      {usage && (
        <>
          <Stat label={t.models.used} value={format.count(usage.requests)}>
            {t.models.failed(format.share(usage.errors, usage.requests))}
          </Stat>
          <Stat label={t.models.spent} value={format.money(usage.costNanoUsd)}>
            {usage.simulatedNanoUsd > 0 && `${t.common.simulated}: ${format.money(usage.simulatedNanoUsd)}`}
          </Stat>
        </>
      )}
    </Stats>
  );
};

const About = ({ frame, model }: ModelProps) => {
  const { t, format } = frame;
  const { provenance, context } = model;
  const modalities = (names: readonly string[]) => names.map((one) => named(t.models.modalityNames, one)).join(', ');
  /** Some are known by their month only. */
  const day = (text: string | null): string =>
    text !== null && /^\d{4}-\d\d-\d\d/.test(text) ? format.date(Date.parse(text)) : (text ?? '');
  const rows: [string, string][] = [
    [t.models.aliases, model.aliases.map(({ id, kind }) => `${id} (${kind})`).join(', ')],
    [
      t.models.columns.abilities,
      ABILITIES.filter((one) => can(model, one))
        .map((one) => t.models.abilities[one])
        .join(', '),
    ],
    [t.models.modalities, `${modalities(model.modalities.in)} → ${modalities(model.modalities.out)}`],
    [t.models.efforts, model.reasoning.efforts.join(', ')],
    [t.models.maxInput, context.maxInput === null ? '' : format.count(context.maxInput)],
    [t.models.released, day(model.released)],
    [t.models.cutoff, day(model.knowledgeCutoff)],
    [t.models.replacement, [model.replacement, model.redirectsTo].filter((one) => one !== null).join(' → ')],
    [
      t.models.multipliers,
      Object.entries(model.multipliers)
        .map(([name, factor]) => `${name} × ${format.factor(factor)}`)
        .join(', '),
    ],
    [
      t.models.toolPrices,
      Object.entries(model.toolPrices)
        .map(([name, { usd, per }]) => `${named(t.request.calls, name)}: ${toolPrice(frame, usd, per)}`)
        .join(', '),
    ],
    ...Object.entries(model.quality).map(([kind, { score, source, at }]): [string, string] => [
      t.models.qualityOf(named(t.models.kinds, kind)),
      `${format.decimal(score)}: ${source} (${day(at)})`,
    ]),
    [t.models.fetched, day(provenance.fetchedAt)],
    [t.models.parser, provenance.parser],
    ['sha256', provenance.sha256 ?? ''],
    [t.models.confirmedBy, provenance.confirmedBy.join(', ')],
  ];
  const isLink = /^https?:\/\//.test(provenance.url);
  return (
    <section class="panel">
      <h2>{t.models.about}</h2>
      <dl class="fact-grid">
        {rows
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
            <div>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {isLink && (
          <div>
            <dt>{t.models.source}</dt>
            <dd>
              <a href={provenance.url} rel="noreferrer noopener">
                {provenance.url}
              </a>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
};

/** What has no words here is called as the catalogue calls it. */
function named(words: Record<string, string>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}

function toolPrice({ t, format }: Frame, usd: number, per: string): string {
  const count = /^(\d+) calls$/.exec(per)?.[1];
  const money = format.money(Math.round(usd * 1e9));
  return count ? t.models.toolPrice(money, format.count(Number(count))) : `${money} / ${per}`;
}

const FIELDS = ['input', 'output', 'cacheRead', 'quality', 'note'];

const Steer = ({ frame, model, isPinned, override, draft, error }: ModelProps) => {
  const t = frame.t.models;
  const path = modelPath(model);
  const token = <FormToken value={frame.viewer.formToken} />;
  return (
    <section class="panel stack">
      <h2>
        {t.steer} {isPinned && <Badge tone="accent">{t.pinned}</Badge>}{' '}
        {override && <Badge tone="accent">{t.overridden}</Badge>}
      </h2>
      <form method="post" action={`${path}/${isPinned ? 'unpin' : 'pin'}`} class="row">
        {token}
        <button type="submit">{isPinned ? t.unpin : t.pin}</button>
        <span class="muted">{t.pinHint}</span>
      </form>
      <Details summary={t.override} isOpen={override !== null || error !== null}>
        <p class="muted">{t.overrideHint}</p>
        <ErrorNote error={error} shown={FIELDS} />
        <form method="post" action={`${path}/override`} class="stack">
          {token}
          <div class="row">
            <MoneyField {...{ label: t.columns.input, name: 'input', value: draft.input, error }} />
            <MoneyField {...{ label: t.columns.cached, name: 'cacheRead', value: draft.cacheRead, error }} />
            <MoneyField {...{ label: t.columns.output, name: 'output', value: draft.output, error }} />
            <Field
              {...{ label: t.columns.quality, name: 'quality', value: draft.quality, error, inputmode: 'decimal' }}
              maxlength={10}
            />
            <Field {...{ label: t.note, name: 'note', value: draft.note, error }} maxlength={500} />
            <button type="submit" class="primary">
              {t.saveOverride}
            </button>
          </div>
        </form>
        {override && (
          <form method="post" action={`${path}/override/clear`}>
            {token}
            <button type="submit" class="danger">
              {t.clearOverride}
            </button>
          </form>
        )}
      </Details>
    </section>
  );
};
