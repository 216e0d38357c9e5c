import type { ChoiceWhy } from '../../src/chat/why.ts';
import type { PlainFrame } from '../frame.ts';
import { writeChoice } from '../why.ts';
import { type CandidateFacts, CandidateList, type CandidateTexts, candidateTexts } from './candidates.tsx';
import { Details } from './page-head.tsx';

/** An answer that is over, in figures. */
export interface AnswerFacts {
  /** Of the model that answered; null when none did. */
  model: string | null;
  /** Null = unpriced. */
  costNanoUsd: number | null;
  isSimulated: boolean;
  firstContentMs: number | null;
  durationMs: number;
  promptTokens: number;
  outputTokens: number;
  isUsageEstimated: boolean;
  cache: 'hit' | 'miss' | 'bypass';
}

/** A column, written out: this is also what the script is sent when an answer is over. */
export interface AnswerTexts {
  /** What was asked for. */
  asked: string;
  text: string;
  thoughts: string;
  /** Why there is no answer, or not all of it; empty when all went well. */
  failure: string;
  /** Empty until it is over. */
  facts: Partial<Record<FactName, string>>;
  /** One sentence. */
  reason: string;
  candidates: readonly CandidateTexts[];
}

const FACTS = ['model', 'cost', 'first', 'duration', 'tokens', 'cache'] as const;

type FactName = (typeof FACTS)[number];

export const EMPTY_ANSWER: AnswerTexts = {
  ...{ asked: '', text: '', thoughts: '', failure: '', facts: {}, reason: '', candidates: [] },
};

export function factTexts({ t, format }: PlainFrame, facts: AnswerFacts): AnswerTexts['facts'] {
  const { costNanoUsd, isSimulated, promptTokens, outputTokens, isUsageEstimated } = facts;
  const cost = costNanoUsd === null ? t.common.unpriced : format.money(costNanoUsd);
  const tokens = t.playground.tokens(format.count(promptTokens), format.count(outputTokens));
  return {
    model: facts.model ?? '–',
    cost: isSimulated ? `${cost} (${t.common.simulated})` : cost,
    first: facts.firstContentMs === null ? '–' : format.duration(facts.firstContentMs),
    duration: format.duration(facts.durationMs),
    tokens: isUsageEstimated ? t.playground.estimated(tokens) : tokens,
    cache: t.playground.caches[facts.cache],
  };
}

/** Why this model, and who else could have answered. */
export function decisionTexts(
  frame: PlainFrame,
  decision: { why: ChoiceWhy; isFromCache?: boolean; candidates: readonly CandidateFacts[] } | null,
): Pick<AnswerTexts, 'reason' | 'candidates'> {
  return {
    reason: decision
      ? `${decision.isFromCache ? `${frame.t.reasons.fromCache} ` : ''}${writeChoice(frame, decision.why)}`
      : '',
    candidates: decision?.candidates.map((candidate) => candidateTexts(frame, candidate)) ?? [],
  };
}

/** One model's answer. The script fills a copy of an empty one, by the `data-slot` of its parts. */
export const AnswerColumn = ({ frame, answer }: { frame: PlainFrame; answer: AnswerTexts }) => {
  const t = frame.t.playground;
  const isOver = Object.keys(answer.facts).length > 0;
  return (
    <article class="panel answer" data-slot="column">
      <header>
        <h2 data-slot="asked">{answer.asked}</h2>
        <span class="muted" role="status" data-slot="status" data-waiting={t.waiting} data-done={t.done} />
      </header>
      <p class="note danger" data-slot="failure" hidden={answer.failure === ''}>
        {answer.failure}
      </p>
      <p class="thoughts muted" dir="auto" data-slot="thought" hidden={answer.thoughts === ''}>
        {answer.thoughts}
      </p>
      <div
        {...{ class: 'answer-text', dir: 'auto', tabindex: '0', role: 'group', 'aria-label': t.answer }}
        data-slot="text"
      >
        {answer.text}
      </div>
      <dl class="answer-facts" data-slot="facts" hidden={!isOver}>
        {FACTS.map((name) => (
          <div>
            <dt>{t.facts[name]}</dt>
            <dd class="number" data-fact={name}>
              {answer.facts[name] ?? ''}
            </dd>
          </div>
        ))}
      </dl>
      <div data-slot="why" hidden={answer.reason === ''}>
        <Details summary={t.why}>
          <p data-slot="reason">{answer.reason}</p>
          <CandidateList candidates={answer.candidates} />
        </Details>
      </div>
    </article>
  );
};
