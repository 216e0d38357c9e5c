import { classify } from '../src/pipeline/classifier/index.ts';
import { requestOf } from './ask.ts';

/** A score for a prompt without any labels of its set: high = send it to the strong model. */
export type Score = (prompt: string) => number;

export const byDifficulty: Score = (prompt) => classify(requestOf(prompt)).difficulty;
export const byLength: Score = (prompt) => prompt.length;

/*
 * A keyword scorer with the seven dimensions that the widely used complexity rules have: length, code words, reasoning markers,
 * technical terms, simple openings, steps and questions, each between -1 and 1, with their usual weights.
 */
const CODE = /\b(function|class|def|import|return|api|database|algorithm|code|debug|sql|python|javascript)\b/gi;
const REASONING = /\b(step by step|think through|reason|analy[sz]e|pros and cons|compare|prove|derive|explain why)\b/gi;
const TECHNICAL =
  /\b(architecture|distributed|kubernetes|encryption|latency|protocol|concurrency|optimi[sz]e|scalab\w+)\b/gi;
const SIMPLE = /\b(what is|what's|define|who is|when did|where is|how many|hello|hi|thanks|yes or no)\b/gi;
const STEPS = /\b(first|then|next|finally|step \d+|\d\.)\b/gi;

export const byKeywords: Score = (prompt) => {
  const hits = (pattern: RegExp): number => prompt.match(pattern)?.length ?? 0;
  const tokens = prompt.length / 4;
  const length = tokens < 15 ? -1 : tokens > 400 ? 1 : 0;
  return (
    0.1 * length +
    0.3 * Math.min(1, hits(CODE) / 2) +
    0.25 * Math.min(1, hits(REASONING) / 2) +
    0.25 * Math.min(1, hits(TECHNICAL) / 2) -
    0.05 * Math.min(1, hits(SIMPLE)) +
    0.03 * Math.min(1, hits(STEPS) / 2) +
    0.02 * Math.min(1, hits(/\?/g) / 3)
  );
};
