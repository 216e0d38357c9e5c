import type { ChoiceWhy } from '../../src/chat/why.ts';
import type { PlainFrame } from '../frame.ts';
import { writeChoice, writePlace } from '../why.ts';
import type { CandidateFacts } from './candidates.tsx';
import { Money } from './money.tsx';
import { Details } from './page-head.tsx';
import { Badge } from './signs.tsx';
import { Table } from './table.tsx';

/** A decision of the router, whole. */
export interface TriedDecision {
  complexity: 'simple' | 'moderate' | 'complex' | 'expert';
  confidence: number;
  difficulty: number;
  kind: 'code' | 'math' | 'general';
  promptTokens: number;
  expectedOutputTokens: number;
  why: ChoiceWhy;
  candidates: readonly (CandidateFacts & { quality: number | null; isKept: boolean })[];
}

interface DecisionProps {
  frame: PlainFrame;
  decision: TriedDecision;
}

/** What was decided, from what, and what became of every model. */
export const DecisionPanel = ({ frame, decision }: DecisionProps) => {
  const t = frame.t.routing;
  const { format } = frame;
  const kept = decision.candidates.filter(({ isKept }) => isKept);
  const dropped = decision.candidates.filter(({ isKept }) => !isKept);
  return (
    <section id="decision">
      <h2>{t.decision}</h2>
      <p>{writeChoice(frame, decision.why)}</p>
      <p class="badges">
        <Badge tone="accent">{frame.t.overview.complexities[decision.complexity]}</Badge>{' '}
        <Badge>{t.confidence(format.percent(decision.confidence))}</Badge>{' '}
        <Badge>{t.difficulty(format.percent(decision.difficulty))}</Badge> <Badge>{t.kinds[decision.kind]}</Badge>{' '}
        <Badge>{t.promptTokens(format.count(decision.promptTokens))}</Badge>{' '}
        <Badge>{t.outputTokens(format.count(decision.expectedOutputTokens))}</Badge>
      </p>
      <Candidates frame={frame} caption={t.keptCaption} candidates={kept} />
      <Details summary={t.dropped(dropped.length, format.count(dropped.length))}>
        <Candidates frame={frame} caption={t.droppedCaption} candidates={dropped} />
      </Details>
    </section>
  );
};

const columns = ({ t }: PlainFrame) =>
  [
    { label: t.routing.candidates.model },
    { label: t.routing.candidates.quality, class: 'right' },
    { label: t.routing.candidates.success, class: 'right' },
    { label: t.routing.candidates.cost, class: 'right' },
    { label: t.routing.candidates.time, class: 'right' },
    { label: t.routing.candidates.why },
  ] as const;

interface CandidatesProps {
  frame: PlainFrame;
  caption: string;
  candidates: TriedDecision['candidates'];
}

const Candidates = ({ frame, caption, candidates }: CandidatesProps) => (
  <Table caption={caption} columns={columns(frame)}>
    {candidates.map((one) => (
      <tr>
        <td class="lead model">
          {one.rank === null ? '' : `${one.rank}. `}
          {one.provider}/{one.model}
        </td>
        <td class="wide right number">{one.quality === null ? '–' : frame.format.count(one.quality)}</td>
        <td class="wide right number">{frame.format.percent(one.expectedSuccess)}</td>
        <td class="lead-end right">
          <Money frame={frame} nanoUsd={one.expectedCostNanoUsd} />
        </td>
        <td class="wide right number nowrap">
          {one.expectedLatencyMs === null ? '–' : frame.format.duration(one.expectedLatencyMs)}
        </td>
        <td class="sub muted">{writePlace(frame, one.why)}</td>
      </tr>
    ))}
  </Table>
);
