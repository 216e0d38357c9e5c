import { Money } from '../components/money.tsx';
import { Details } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Table } from '../components/table.tsx';
import { WhyChoice, WhyPlace } from '../components/why.tsx';
import type { PlainFrame } from '../frame.ts';
import type { Candidate, DecisionReport, RequestReport } from './request-report.ts';

/** Why this model: every one that could have answered, and those that could not, by the reason. */
export const RequestDecision = ({ frame, details }: { frame: PlainFrame; details: RequestReport['details'] }) => {
  const t = frame.t.request;
  const decision = details?.decision ?? null;
  return (
    <section>
      <h2>{t.decision}</h2>
      {decision === null ? (
        <p class="muted">{details === null ? t.pruned : t.noDecision}</p>
      ) : (
        <Decided frame={frame} decision={decision} />
      )}
    </section>
  );
};

const Decided = ({ frame, decision }: { frame: PlainFrame; decision: DecisionReport }) => {
  const t = frame.t.request;
  const c = t.candidateColumns;
  const { dropped } = decision;
  return (
    <>
      <p>
        <WhyChoice frame={frame} {...decision} />
      </p>
      {decision.candidates.length > 0 && (
        <Table
          caption={t.candidates}
          columns={[
            { label: c.rank },
            { label: c.model },
            { label: c.quality, class: 'right' },
            { label: c.success, class: 'right' },
            { label: c.cost, class: 'right' },
            { label: c.latency, class: 'right' },
            { label: c.reason },
          ]}
        >
          {decision.candidates.map((candidate) => (
            <CandidateRow frame={frame} candidate={candidate} />
          ))}
        </Table>
      )}
      {dropped.length > 0 && (
        <Details summary={t.dropped(frame.format.count(dropped.reduce((sum, { models }) => sum + models.length, 0)))}>
          <dl class="facts wide-facts">
            {dropped.map(({ models, ...one }) => (
              <div>
                <dt>
                  <WhyPlace frame={frame} {...one} />
                </dt>
                <dd>{models.join(', ')}</dd>
              </div>
            ))}
          </dl>
        </Details>
      )}
    </>
  );
};

const CandidateRow = ({ frame, candidate }: { frame: PlainFrame; candidate: Candidate }) => {
  const { format } = frame;
  const { rank, quality, expectedSuccess, expectedCostNanoUsd, expectedLatencyMs } = candidate;
  return (
    <tr>
      <td class="wide number">{rank === 1 ? <Badge tone="accent">1</Badge> : (rank ?? '–')}</td>
      <td class="lead">
        <span class="model">{candidate.model}</span>
        <span class="asked">{candidate.provider}</span>
      </td>
      <td class="wide right number">{quality === null ? '–' : format.count(quality)}</td>
      <td class="sub-end right number">{expectedSuccess === null ? '–' : format.percent(expectedSuccess)}</td>
      <td class="lead-end right">
        <Money frame={frame} nanoUsd={expectedCostNanoUsd} />
      </td>
      <td class="wide right number">{expectedLatencyMs === null ? '–' : format.duration(expectedLatencyMs)}</td>
      <td class="sub muted">
        <WhyPlace frame={frame} {...candidate} />
      </td>
    </tr>
  );
};
