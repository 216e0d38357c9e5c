/*
 * How likely a request is about each kind of thing, as text: one hexadecimal digit a kind, in fifteenths. Small enough for every
 * row of the ledger, and says no more of a request than its topic.
 */

const STEPS = 15;
const DIGITS = '0123456789abcdef';

/** One digit for a share of 0 to 1. */
export function shareDigit(share: number): string {
  return DIGITS.charAt(Math.round(Math.max(0, Math.min(1, share)) * STEPS));
}

/** The shares in their order; null for text that was written for another list of kinds. */
export function parseShares(text: string | null | undefined, kinds: number): Float64Array | null {
  if (text?.length !== kinds) return null;
  const shares = new Float64Array(kinds);
  for (let kind = 0; kind < kinds; kind++) {
    const digit = DIGITS.indexOf(text.charAt(kind));
    if (digit === -1) return null;
    shares[kind] = digit / STEPS;
  }
  return shares;
}
