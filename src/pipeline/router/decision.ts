import type { Model } from '../../../registry/schema.ts';
import type { Expectation } from '../../chat/expectation.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { RouteRules } from '../../chat/route-policy.ts';
import type { ChoiceWhy, ConversationWhy, PlaceWhy } from '../../chat/why.ts';

export const STRATEGIES = ['cost', 'quality', 'speed', 'balanced'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What the router needs to know of how hard a request is. */
export interface Judgement {
  complexity: 'simple' | 'moderate' | 'complex' | 'expert';
  confidence: number;
  difficulty: number;
  kind: 'code' | 'math' | 'general';
  /** What it is about, when that is clear. */
  topic?: string | null;
  /** How likely a model of each quality class is to fail it, from 0 to 1; absent where nobody has told. */
  failures?: Failures;
  features: Readonly<Record<string, number>>;
}

export interface Failures {
  small: number;
  medium: number;
  large: number;
  frontier: number;
}

export type Complexity = Judgement['complexity'];
export type TaskKind = Judgement['kind'];

export interface RouteQuestion {
  request: ChatRequest;
  classification: Judgement;
  /** From the key or a header; what the model's name says (`auto:cost`) comes before it. */
  strategy?: Strategy | undefined;
  /** Models that may answer, in this order, when the one that was asked for cannot. Only for an explicit model. */
  fallbackModels?: readonly string[] | undefined;
  /** What whoever asks may use; everything where it is left out. */
  allowance?: Allowance | undefined;
  /** What the client asks of the choice itself; only where the gateway chooses. */
  bounds?: Bounds | undefined;
  /** What the key's policy says of this request. */
  rules?: RouteRules | undefined;
  /** Whose conversation it is, so that two people who begin alike are not taken for one. */
  ownerId?: string | undefined;
}

/** Limits on the gateway's own choice, by header. */
export interface Bounds {
  maxCostNanoUsd: number | null;
  /** The least of the catalogue's scores, 0 to 100. */
  minQuality: number | null;
  /** How much expected success may be given up, from 0 to 0.1. */
  qualityTolerance: number | null;
}

/** What may be asked for at all. */
export interface Allowance {
  admits(model: Model): boolean;
  admitsStrategy(strategy: Strategy): boolean;
  /** What a model of the gateway's choice may be expected to cost; null = anything. */
  maxCostNanoUsd: number | null;
  /** Whether the gateway may choose a model without a price. */
  takesUnpriced: boolean;
}

export const ALLOWS_ALL: Allowance = Object.freeze({
  admits: () => true,
  admitsStrategy: () => true,
  maxCostNanoUsd: null,
  takesUnpriced: true,
});

/** A model that may answer, and who serves it. */
export interface Candidate {
  model: Model;
  providerId: string;
  /** What the provider is asked for: the model's id, or the exact snapshot or alias of it that the client named. */
  name: string;
  expected: Expectation;
}

/** What a strategy put in order, and what it left out. */
export interface Choice {
  why: ChoiceWhy;
  conversation?: ConversationNote | null;
  expectedOutputTokens: number;
  considered: Considered[];
  candidates: Candidate[];
}

/** Why these models were chosen. JSON-serialisable; holds no text of the request. */
export interface Decision {
  /** As the client wrote it, cut to 200 characters. */
  requestedModel: string;
  isExplicit: boolean;
  strategy: Strategy | 'explicit';
  complexity: Complexity;
  confidence: number;
  difficulty: number;
  kind: TaskKind;
  topic: string | null;
  failures: Failures | null;
  /** Where the conversation was and what that weighed; null for its first turn and for a model that was named. */
  conversation: ConversationNote | null;
  /** What the judgement was read from, so that other policies can be replayed on it later. */
  features: Readonly<Record<string, number>>;
  /** The rule of the key's policy that matched, and the arm of its experiment; null where there is none. */
  rule: string | null;
  arm: string | null;
  /** Abilities that the request asks of a model. */
  needs: string[];
  /** An estimate, in tokens of a tokenizer with factor 1. */
  promptTokens: number;
  /** What the first candidate is expected to write, thoughts included. */
  expectedOutputTokens: number;
  why: ChoiceWhy;
  /** The candidates in their order, then those that were dropped. */
  candidates: Considered[];
}

/** What an earlier turn of the same conversation means for this one. */
export interface ConversationNote {
  /** Who answered the last turn. */
  model: string;
  turns: number;
  /** Tokens of the prompt that its provider is expected to have in its cache. */
  cachedTokens: number;
  isStaying: boolean;
  why: ConversationWhy;
}

/** One model the router looked at. */
export interface Considered {
  model: string;
  provider: string;
  /** The catalogue's score for this kind of task, 0 to 100. Null = nobody told. */
  quality: number | null;
  /** Null = unpriced. */
  expectedCostNanoUsd: number | null;
  /** From 0 to 1. */
  expectedSuccess: number;
  expectedLatencyMs: number | null;
  /** To the first content; null where this gateway has not measured it lately. */
  firstContentMs?: number | null;
  firstContentP95Ms?: number | null;
  /** The share of its recent calls that were answered, by this gateway's own count; null where there were none. */
  health?: number | null;
  isKept: boolean;
  /** 1 is tried first; null when it is not tried. */
  rank: number | null;
  why: PlaceWhy;
}

export interface Routed {
  decision: Decision;
  /** To be told to `remember` once somebody has answered; null where the gateway did not choose. */
  conversationKey: string | null;
  /** Best first, never empty. */
  candidates: Candidate[];
}
