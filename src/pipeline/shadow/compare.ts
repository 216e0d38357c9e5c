import type { ChoiceWhy } from '../../chat/why.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Candidate } from '../executor/index.ts';
import { type CallerParts, callOnce, type OwnCall } from './call.ts';
import { judgeRequest, type Outcome, type Pair, readVerdict, settleVerdicts } from './judge.ts';
import { bytesOf, mostOf } from './most.ts';
import { askAgain, writeOut } from './plain-request.ts';
import type { ShadowPurse } from './purse.ts';
import { MAX_ANSWER_BYTES, type ShadowTurn, type SkipReason } from './turn.ts';

/** A comparison is of answers of this length; the rival's may not become dearer by being longer. */
const MAX_OUTPUT_TOKENS = 4_096;
/** What the judge's rules and marks take, with room to spare. */
const JUDGE_RULES_BYTES = 2_500;

export interface Pairing {
  turn: ShadowTurn;
  served: string;
  rival: Candidate;
  judge: Candidate;
  signal: AbortSignal;
}

export interface CompareParts extends CallerParts {
  purse: ShadowPurse;
  now: Clock;
}

/** What came of a comparison; no text of it. */
export interface Comparison {
  /** Of the request that was served, and of the rival's answer: both are in the ledger. */
  requestId: string;
  rivalRequestId: string | null;
  at: number;
  key: { id: string; userId: string | null };
  /** The ledger's `features` of the request, for whoever learns from it. */
  stored: string;
  /** `provider/model`. */
  served: string;
  rival: string;
  judge: string;
  /** What the served answer was to the rival's; null = the judge said nothing that could be read, or the rival gave no answer. */
  outcome: Outcome | null;
  isSimulated: boolean;
}

/** Has the rival answer the same and the judge compare, in both orders. What is held of the budget is given back at the end. */
export async function compare(pairing: Pairing, parts: CompareParts): Promise<Comparison | SkipReason> {
  const { turn, served, rival, judge, signal } = pairing;
  const { purse, now } = parts;
  const prompt = writeOut(turn.request);
  const rivalRequest = askAgain(turn.request, {
    thinks: rival.model.reasoning.supported,
    maxOutputTokens: Math.min(turn.request.maxOutputTokens ?? MAX_OUTPUT_TOKENS, MAX_OUTPUT_TOKENS),
  });
  const abilities = {
    thinks: judge.model.reasoning.supported,
    // Where nobody told, it is tried: without it many put their JSON into a fence.
    takesSchema: judge.model.can.structuredOutput !== false,
  };
  const questionOf = (first: string, second: string) => judgeRequest({ prompt, first, second }, abilities);

  const judgeBytes = bytesOf(prompt) + bytesOf(served) + MAX_ANSWER_BYTES + JUDGE_RULES_BYTES;
  const maxJudged = questionOf('', '').maxOutputTokens ?? 0;
  const size = { promptBytes: bytesOf(prompt), maxOutputTokens: rivalRequest.maxOutputTokens ?? MAX_OUTPUT_TOKENS };
  const rivalMost = mostOf(rival.model, size, now());
  const judgeMost = mostOf(judge.model, { promptBytes: judgeBytes, maxOutputTokens: maxJudged }, now());
  if (rivalMost === null || judgeMost === null) return 'unpriced';
  const hold = purse.hold(rivalMost + 2 * judgeMost, turn.isSimulated);
  if (!hold) return 'budget';

  const call = async (own: Pick<OwnCall, 'endpoint' | 'candidate' | 'request'>, most: number) => {
    const decision = decisionOf(turn, own);
    const answer = await callOnce({ ...own, decision, isSimulated: turn.isSimulated, signal }, parts);
    // What cannot be priced was not free.
    if (answer.row) hold.spend(answer.row.costNanoUsd ?? most, answer.row.startedAt);
    return answer;
  };
  const ask = async (pair: Omit<Pair, 'prompt'>) => {
    const request = questionOf(pair.first, pair.second);
    const { text } = await call({ endpoint: 'shadow/judge', candidate: judge, request }, judgeMost);
    return text === null ? null : readVerdict(text);
  };

  const told = await call({ endpoint: 'shadow/answer', candidate: rival, request: rivalRequest }, rivalMost);
  const isJudged = told.text !== null && told.text !== '' && bytesOf(told.text) <= MAX_ANSWER_BYTES;
  let outcome: Outcome | null = null;
  if (isJudged && told.text !== null) {
    const asServed = await ask({ first: served, second: told.text });
    const swapped = asServed === null ? null : await ask({ first: told.text, second: served });
    outcome = settleVerdicts(asServed, swapped);
  }
  hold.release();
  return {
    ...{ requestId: turn.id, rivalRequestId: told.row?.id ?? null, at: now(), isSimulated: turn.isSimulated, outcome },
    ...{ served: nameOf(turn.candidate), rival: nameOf(rival), judge: nameOf(judge) },
    ...{ key: { id: turn.key.id, userId: turn.key.userId }, stored: turn.stored },
  };
}

/** What the ledger says of a call of our own. */
function decisionOf({ id: request, routed, candidate }: ShadowTurn, { endpoint }: Pick<OwnCall, 'endpoint'>) {
  const { complexity, confidence, promptTokens } = routed.decision;
  const why: ChoiceWhy =
    endpoint === 'shadow/answer'
      ? { code: 'shadow-answer', request, model: nameOf(candidate) }
      : { code: 'shadow-judge', request };
  return { strategy: 'shadow', complexity, confidence, promptTokens, why };
}

export function nameOf({ model }: Candidate): string {
  return `${model.provider}/${model.id}`;
}
