import type { Model, PriceRow } from '../../../registry/schema.ts';
import { Details } from '../../components/page-head.tsx';
import { Empty, Table } from '../../components/table.tsx';
import type { Frame } from '../../layout.tsx';
import { nano } from './facts.ts';

interface PriceListsProps {
  frame: Frame;
  model: Model;
}

/** What holds now or is to come, and folded away what is over. */
export const PriceLists = ({ frame, model }: PriceListsProps) => {
  const { t } = frame;
  if (model.prices.length === 0) return <Empty title={t.common.unpriced}>{t.common.unpricedHint}</Empty>;
  const over = model.prices.filter((row) => isOver(row, frame.now));
  const rest = model.prices.filter((row) => !isOver(row, frame.now));
  return (
    <div class="stack">
      {rest.length > 0 && <Prices frame={frame} rows={rest} caption={t.models.prices} />}
      {over.length > 0 && (
        <Details summary={t.models.earlierPrices} isOpen={rest.length === 0}>
          <Prices frame={frame} rows={over} caption={t.models.earlierPrices} />
        </Details>
      )}
    </div>
  );
};

interface PricesProps {
  frame: Frame;
  rows: readonly PriceRow[];
  caption: string;
}

const Prices = ({ frame, rows, caption }: PricesProps) => {
  const { t, format } = frame;
  const hasNotes = rows.some(({ note }) => note);
  const columns = [
    { label: t.models.tier },
    { label: t.models.valid },
    { label: t.models.columns.input, class: 'right' as const },
    { label: t.models.columns.cached, class: 'right' as const },
    { label: t.models.cacheWrite, class: 'right' as const },
    { label: t.models.columns.output, class: 'right' as const },
    ...(hasNotes ? [{ label: t.models.note }] : []),
  ];
  const money = (usd: number | undefined) => {
    const amount = nano(usd);
    return amount === null ? '–' : format.money(amount);
  };
  return (
    <Table caption={caption} columns={columns}>
      {rows.map((row) => (
        <tr class={isOver(row, frame.now) ? 'gone' : undefined}>
          <td class="lead nowrap">
            {t.models.tiers[row.tier]}
            <span class="asked">
              {row.promptOver > 0 && t.models.over(format.compact(row.promptOver))}
              {row.region !== 'global' && ` ${row.region}`}
            </span>
          </td>
          <td class="sub nowrap">{period(frame, row)}</td>
          <td class="wide right number">{money(row.rates.input)}</td>
          <td class="wide right number">{money(row.rates.cacheRead)}</td>
          <td class="wide right number">
            {(row.rates.cacheWrite ?? []).map(({ ttlSeconds, price }) => (
              <span class="asked">
                {money(price)} ({format.duration(ttlSeconds * 1000)})
              </span>
            ))}
          </td>
          <td class="lead-end right number">
            <span class="narrow">{money(row.rates.input)} / </span>
            {money(row.rates.output)}
          </td>
          {hasNotes && (
            <td class="wide muted" lang="en">
              {row.note}
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
};

function period({ t, format }: Frame, { from, until }: PriceRow): string {
  const day = (text: string) => format.date(Date.parse(text));
  if (from !== null && until !== null) return `${day(from)} – ${day(until)}`;
  if (from !== null) return t.models.from(day(from));
  return until === null ? t.models.always : `${t.models.until} ${day(until)}`;
}

function isOver({ until }: PriceRow, now: number): boolean {
  return until !== null && Date.parse(until) <= now;
}
