import { HASH_START, hashStep } from './lexicon.ts';

/** A text is read in at most 2,000 characters, so there are at most as many tokens, each with a pair. */
export const MAX_KEYS = 4_400;
const PAIR_MIX = 0x9e3779b1;

/**
 * Hashes of a text's tokens and of each two neighbours. One buffer is used again and again, so that judging a request makes
 * no garbage: what is read from it must be used before the next text is scanned.
 */
export interface Grams {
  keys: Uint32Array;
  count: number;
}

export interface GramWriter extends Grams {
  previous: number;
}

const shared: GramWriter = { keys: new Uint32Array(MAX_KEYS), count: 0, previous: HASH_START };

/** The shared buffer, emptied. */
export function startGrams(): GramWriter {
  shared.count = 0;
  shared.previous = HASH_START;
  return shared;
}

/** Adds a token, a word by its running hash or a sign by its code, and the pair it makes with the one before. */
export function pushToken(grams: GramWriter, token: number): void {
  if (grams.count + 2 > MAX_KEYS) return;
  grams.keys[grams.count++] = spread(token);
  grams.keys[grams.count++] = spread(Math.imul(grams.previous, PAIR_MIX) ^ token);
  grams.previous = token;
}

/** The token of a sign or an ideograph. */
export function signToken(code: number): number {
  return hashStep(0x3c6ef372, code);
}

/** The token of a number is how many digits it has; which ones they are says nothing about the next prompt. */
export function numberToken(digits: number): number {
  return hashStep(0x1b873593, Math.min(digits, 7));
}

/** FNV's low bits are weak, and the low bits choose the column. */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
