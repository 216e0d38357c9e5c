import { Details } from '../components/page-head.tsx';
import { Badge, BudgetBar } from '../components/signs.tsx';
import { Stat, Stats } from '../components/stat.tsx';
import { Empty, Table } from '../components/table.tsx';
import type { Frame } from '../layout.tsx';

/** Two models whose answers were compared. */
export interface ComparedPair {
  served: string;
  rival: string;
  isSimulated: boolean;
  compared: number;
  wins: number;
  ties: number;
  losses: number;
  /** The judge said nothing that could be read, or there was no other answer. */
  unread: number;
}

export interface ShadowReport {
  isOn: boolean;
  percent: number;
  judgeModel: string | null;
  /** Null = another candidate of the same decision. */
  rivalModel: string | null;
  dailyNanoUsd: number;
  today: { realNanoUsd: number; simulatedNanoUsd: number };
  /** Of the pairs. */
  days: number;
  pairs: readonly ComparedPair[];
  /** Requests that were left out since the start, by the reason. */
  skipped: Readonly<Record<string, number>>;
}

/** Answers compared with another model's: what is set, what it costs, what came of it. */
export const RoutingShadow = ({ frame, report }: { frame: Frame; report: ShadowReport }) => {
  const t = frame.t.measured;
  const { format } = frame;
  const { today, pairs, skipped } = report;
  if (!report.isOn && pairs.length === 0) {
    return (
      <section>
        <h2>{t.shadow}</h2>
        <p class="muted">{t.shadowLead}</p>
        <p class="muted">{t.isOff}</p>
      </section>
    );
  }
  const compared = pairs.reduce((sum, pair) => sum + pair.compared, 0);
  // Only one of them moves, unless keys were added during the day.
  const money = today.realNanoUsd > 0 ? today.realNanoUsd : today.simulatedNanoUsd;
  return (
    <section>
      <h2>{t.shadow}</h2>
      <p class="muted">{report.isOn ? t.shadowLead : t.isOff}</p>
      <Stats>
        <Stat label={t.shadowShare} value={format.percent(report.percent / 100)}>
          {t.shadowShareHint}
        </Stat>
        <Stat label={t.shadowBudget} value={format.money(money)}>
          {money > 0 && today.realNanoUsd === 0 && <Badge tone="simulated">{frame.t.common.simulated}</Badge>}{' '}
          <BudgetBar {...{ frame, label: t.shadowBudget, spentNanoUsd: money, budgetNanoUsd: report.dailyNanoUsd }} />
        </Stat>
        <Stat label={t.shadowCount} value={format.count(compared)}>
          {t.shadowDays(format.count(report.days))}
        </Stat>
      </Stats>
      <dl class="panel fact-grid">
        <div>
          <dt>{t.shadowJudge}</dt>
          <dd>{report.judgeModel ?? '–'}</dd>
        </div>
        <div>
          <dt>{t.shadowAgainst}</dt>
          <dd>{report.rivalModel ?? t.shadowNext}</dd>
        </div>
      </dl>
      {pairs.length === 0 ? <Empty title={t.noPairs} /> : <PairTable frame={frame} pairs={pairs} />}
      {Object.keys(skipped).length > 0 && <Skipped frame={frame} skipped={skipped} />}
    </section>
  );
};

const PairTable = ({ frame, pairs }: { frame: Frame; pairs: readonly ComparedPair[] }) => {
  const t = frame.t.measured;
  const right = { class: 'right' } as const;
  const count = (value: number) => frame.format.count(value);
  return (
    <Table
      caption={t.pairsCaption}
      columns={[
        { label: t.pairs.served },
        { label: t.pairs.rival },
        { label: t.pairs.compared, ...right },
        { label: t.pairs.wins, ...right },
        { label: t.pairs.ties, ...right },
        { label: t.pairs.losses, ...right },
        { label: t.pairs.unread, ...right },
      ]}
    >
      {pairs.map(({ served, rival, isSimulated, compared, wins, ties, losses, unread }) => (
        <tr>
          <td class="lead">{served}</td>
          <td class="sub">
            {rival} {isSimulated && <Badge tone="simulated">{frame.t.common.simulated}</Badge>}
            <span class="narrow"> · {t.outcomes(count(wins), count(ties), count(losses))}</span>
          </td>
          <td class="lead-end right number">{count(compared)}</td>
          <td class="wide right number">{count(wins)}</td>
          <td class="wide right number">{count(ties)}</td>
          <td class="wide right number">{count(losses)}</td>
          <td class="wide right number muted">{count(unread)}</td>
        </tr>
      ))}
    </Table>
  );
};

const Skipped = ({ frame, skipped }: { frame: Frame; skipped: ShadowReport['skipped'] }) => {
  const t = frame.t.measured;
  const words: Record<string, string> = t.skips;
  return (
    <Details summary={t.skipped}>
      <dl class="facts">
        {Object.entries(skipped).map(([reason, requests]) => (
          <div>
            <dt>{words[reason] ?? reason}</dt>
            <dd class="number">{frame.format.count(requests)}</dd>
          </div>
        ))}
      </dl>
    </Details>
  );
};
