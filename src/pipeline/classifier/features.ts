import type { ChatRequest, Reasoning } from '../../chat/request.ts';
import { type Grams, startGrams } from './grams.ts';
import { WORD_KINDS, type WordKind } from './lexicon.ts';
import { type Scan, scanText } from './scan.ts';
import { sampleQuestion } from './text-sample.ts';

const TEXT_FEATURES = [
  'length',
  'longLength',
  'wordLength',
  'longWords',
  'upper',
  'digits',
  'numbers',
  'mathSymbols',
  'codeSymbols',
  'latex',
  'fences',
  'lines',
  'bullets',
  'options',
  'blanks',
  'questions',
  'sentences',
  'commas',
  'otherScript',
] as const;

const CONTEXT_FEATURES = [
  'conversation',
  'system',
  'turns',
  'tools',
  'toolResults',
  'toolErrors',
  'attachments',
  'schema',
  'effort',
  'longAnswer',
] as const;

export type FeatureName = (typeof TEXT_FEATURES)[number] | WordKind | (typeof CONTEXT_FEATURES)[number];

/** What a request looks like: one number of about 0 to 1 for each of `FEATURE_NAMES`, in that order. */
export type Features = Float64Array;

export const FEATURE_NAMES: readonly FeatureName[] = Object.freeze([
  ...WORD_KINDS,
  ...TEXT_FEATURES,
  ...CONTEXT_FEATURES,
]);

/** Where each feature stands in `Features`. */
export const INDEX: Readonly<Record<FeatureName, number>> = indexByName();

const EFFORTS = { none: -1, minimal: -0.7, low: -0.4, medium: 0.2, high: 0.6, xhigh: 0.8, max: 1 } as const;

/**
 * After how many hits a kind of word counts in full. What is asked for is said once or twice; what it is about comes up
 * again and again.
 */
const INTENT_FULL_AT = 2;
const TOPIC_FULL_AT = 6;
const INTENTS: readonly WordKind[] = [
  'prove',
  'design',
  'analyse',
  'explain',
  'lookup',
  'reason',
  'greeting',
  'transform',
];
const WORD_FULL_AT = WORD_KINDS.map((kind) => (INTENTS.includes(kind) ? INTENT_FULL_AT : TOPIC_FULL_AT));

/** An ideograph says about as much as this many Latin letters. */
const LETTERS_PER_IDEOGRAPH = 2.5;

/** What a request looks like in numbers, and the tokens of its question; the tokens are good until the next request. */
export interface Reading {
  features: Features;
  grams: Grams;
}

/** Measures a request: its question by one pass over at most 2,000 characters, the rest by counting parts. */
export function readRequest(request: ChatRequest): Reading {
  const features = new Float64Array(FEATURE_NAMES.length);
  const { text, chars } = sampleQuestion(request);
  const grams = startGrams();
  const scan = scanText(text, grams);
  readWords(features, scan);
  readText(features, scan, chars);
  readContext(features, request, chars);
  readWishes(features, request);
  return { features, grams };
}

function readWords(features: Features, scan: Scan): void {
  for (let kind = 0; kind < WORD_KINDS.length; kind++) {
    features[kind] = grow(scan.kinds[kind] ?? 0, WORD_FULL_AT[kind] ?? TOPIC_FULL_AT);
  }
}

function readText(features: Features, scan: Scan, chars: number): void {
  const mass = chars + scan.ideographs * (LETTERS_PER_IDEOGRAPH - 1);
  const seen = Math.max(scan.chars, 1);
  const words = Math.max(scan.words, 1);
  features[INDEX.length] = Math.min(1, grow(mass, 2_000));
  features[INDEX.longLength] = mass > 400 ? Math.min(0.4, Math.log(mass / 400) / 4) : 0;
  features[INDEX.wordLength] = Math.min(scan.letters / words, 12) / 12;
  features[INDEX.longWords] = scan.longWords / words;
  features[INDEX.upper] = scan.upper / seen;
  features[INDEX.digits] = scan.digits / seen;
  features[INDEX.numbers] = grow(scan.numbers, 20);
  features[INDEX.mathSymbols] = grow(scan.mathSymbols, 20);
  features[INDEX.codeSymbols] = grow(scan.codeSymbols, 60);
  features[INDEX.latex] = grow(scan.latex, 20);
  features[INDEX.fences] = Math.min(scan.fences, 4) / 4;
  features[INDEX.lines] = grow(scan.lines, 40);
  features[INDEX.bullets] = grow(scan.bullets, 10);
  features[INDEX.options] = grow(scan.options, 10);
  features[INDEX.blanks] = Math.min(scan.blanks, 2) / 2;
  features[INDEX.questions] = grow(scan.questions, 5);
  features[INDEX.sentences] = grow(scan.sentences, 20);
  features[INDEX.commas] = grow(scan.commas, 15);
  features[INDEX.otherScript] = (scan.wideLetters + scan.ideographs) / seen;
}

function readContext(features: Features, request: ChatRequest, questionChars: number): void {
  let chars = 0;
  let toolResults = 0;
  let toolErrors = 0;
  let attachments = 0;
  for (const message of request.messages) {
    for (const part of message.content) {
      if (part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal') chars += part.text.length;
      else if (part.type === 'tool-call') chars += part.argumentsText.length;
      else if (part.type === 'tool-result') {
        toolResults++;
        if (part.isError) toolErrors++;
        for (const inner of part.content) if (inner.type === 'text') chars += inner.text.length;
      } else attachments++;
    }
  }
  features[INDEX.conversation] = grow(Math.max(0, chars - questionChars), 100_000);
  features[INDEX.turns] = grow(Math.max(0, request.messages.length - 1), 40);
  features[INDEX.toolResults] = grow(toolResults, 20);
  features[INDEX.toolErrors] = grow(toolErrors, 5);
  features[INDEX.attachments] = grow(attachments, 5);
}

/** What the client asks for beside the conversation. */
function readWishes(features: Features, request: ChatRequest): void {
  let system = 0;
  for (const part of request.system) system += part.text.length;
  features[INDEX.system] = grow(system, 20_000);
  features[INDEX.tools] = grow(request.tools.length, 30);
  features[INDEX.schema] = request.output?.type === 'json-schema' ? 1 : request.output ? 0.5 : 0;
  features[INDEX.effort] = effortOf(request.reasoning);
  features[INDEX.longAnswer] = Math.max(0, Math.min(1, ((request.maxOutputTokens ?? 0) - 4_000) / 28_000));
}

/** Below 0 the client asks for little thought, above 0 for much; 0 = it said nothing. */
function effortOf(reasoning: Reasoning | undefined): number {
  if (!reasoning) return 0;
  if (reasoning.effort) return EFFORTS[reasoning.effort];
  if (reasoning.budgetTokens === undefined || reasoning.budgetTokens < 0) return 0;
  return reasoning.budgetTokens === 0 ? -1 : Math.min(1, reasoning.budgetTokens / 24_000);
}

/** Counts from 0 to 1, quickly at first; 1 at `full` and never more than 1.5. */
function grow(count: number, full: number): number {
  return count === 0 ? 0 : Math.min(1.5, Math.log1p(count) / Math.log1p(full));
}

function indexByName(): Record<FeatureName, number> {
  const positions: Partial<Record<FeatureName, number>> = {};
  FEATURE_NAMES.forEach((name, position) => {
    positions[name] = position;
  });
  if (!isComplete(positions)) throw new Error('a feature has no position');
  return positions;
}

function isComplete(positions: Partial<Record<FeatureName, number>>): positions is Record<FeatureName, number> {
  return FEATURE_NAMES.every((name) => positions[name] !== undefined);
}
