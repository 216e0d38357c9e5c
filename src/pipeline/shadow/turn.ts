import type { ChatRequest } from '../../chat/request.ts';
import type { RouteRules } from '../../chat/route-policy.ts';
import type { GatewayKey } from '../../db/schema.ts';
import type { Candidate } from '../executor/index.ts';
import type { Allowance, Judgement, Routed } from '../router/index.ts';
import { isPlainText, writeOut } from './plain-request.ts';

/** A request that is being answered, as far as a comparison needs to know. */
export interface ShadowTurn {
  id: string;
  key: GatewayKey;
  request: ChatRequest;
  classification: Judgement;
  routed: Pick<Routed, 'candidates' | 'decision'>;
  /** The ledger's `features` of the request. */
  stored: string;
  /** Who answers. */
  candidate: Candidate;
  isSimulated: boolean;
  /** What the key may use: the compared model and the judge, too. */
  allowance: Allowance;
  rules: RouteRules | undefined;
  cacheControl: string | null;
}

/** What the operator has set. Nothing is compared while any of the first three is missing. */
export interface ShadowTerms {
  /** Of the requests that could be compared. */
  percent: number;
  judgeModel: string | null;
  dailyNanoUsd: number;
  /** Null = another candidate of the same decision. */
  rivalModel: string | null;
}

/** Why a request is not compared. */
export type SkipReason =
  | 'opted-out'
  | 'not-text'
  | 'too-long'
  | 'no-rival'
  | 'not-allowed'
  | 'simulation'
  | 'rate-limit'
  | 'unpriced'
  | 'budget'
  | 'busy';

export const MAX_PROMPT_BYTES = 16_000;
export const MAX_ANSWER_BYTES = 16_000;

export function isOn({ percent, judgeModel, dailyNanoUsd }: ShadowTerms): boolean {
  return percent > 0 && judgeModel !== null && dailyNanoUsd > 0;
}

/** What can be told before the answer is there; null = nothing is in the way. */
export function whyNot({ rules, request, cacheControl }: ShadowTurn): SkipReason | null {
  if (rules?.shadow === false || /no-store/i.test(cacheControl ?? '')) return 'opted-out';
  if (!isPlainText(request)) return 'not-text';
  return Buffer.byteLength(writeOut(request)) > MAX_PROMPT_BYTES ? 'too-long' : null;
}

/**
 * Of the decision's other candidates the nearest one that is expected to be cheaper, because that is where money could be saved,
 * or else the nearest that is dearer. Undefined where there is none with a price.
 */
export function rivalOf({ routed, candidate }: Pick<ShadowTurn, 'routed' | 'candidate'>): Candidate | undefined {
  const own = candidate.expected.costNanoUsd;
  if (own === null) return undefined;
  const others = routed.candidates.filter(({ model }) => model !== candidate.model);
  const priced = others.flatMap((other) => {
    const cost = other.expected.costNanoUsd;
    return cost === null ? [] : [{ other, cost }];
  });
  priced.sort((a, b) => a.cost - b.cost);
  return (priced.findLast(({ cost }) => cost <= own) ?? priced.find(({ cost }) => cost > own))?.other;
}
