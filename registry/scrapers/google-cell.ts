import { cleanCell, toNumber } from './money.ts';
import { nextDay, readMonthDay } from './month-day.ts';

/** One price of a cell, with the conditions it is stated under. */
export interface Clause {
  usd: number;
  /** Holds for prompts of more than this; null where the cell does not tell sizes apart. */
  promptOver: number | null;
  /** The largest prompt the price is for, where the cell says so; of larger ones it says nothing. */
  promptUpTo: number | null;
  /** `text`, `image`, `video`, `audio`; empty where the cell does not tell them apart. */
  modalities: readonly string[];
  from: string | null;
  until: string | null;
  isStorage: boolean;
  /** It is no price of tokens: of an image, a minute. */
  isOtherUnit: boolean;
}

const PRICE = /(?:equivalent to )?\$(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)/iy;
const SEPARATOR = /(?:[\s,;.*]|\b(?:and|or|then)\b)+/iy;
const ABSENT = /^(?:not available(?: \(.*\))?|free of charge|-|)$/i;
const INTRODUCTION = /^_?same as standard_?\s*/i;

const SUFFIXES: readonly [RegExp, (match: RegExpExecArray, clause: Clause) => Clause | null][] = [
  [/ ?\/ ?(?:1,000,000|1M) tokens per hour(?: \(storage price\))?/iy, (_, clause) => ({ ...clause, isStorage: true })],
  [/ ?\/ ?(?:1,000,000|1M) tokens/iy, (_, clause) => clause],
  [/,? prompts (<=|≤|>) (\d+)k(?: tokens?)?/iy, readSize],
  [
    /,? ?\(?(?:through|until) ([a-z]+\.? \d{1,2},? \d{4})\)?\.?/iy,
    (match, clause) => {
      const day = readMonthDay(match[1] ?? '');
      return day === null ? null : { ...clause, until: nextDay(day) };
    },
  ],
  [
    /,? ?\(?(?:starting|from|effective)(?: on)? ([a-z]+\.? \d{1,2},? \d{4})\)?\.?/iy,
    (match, clause) => {
      const day = readMonthDay(match[1] ?? '');
      return day === null ? null : { ...clause, from: day };
    },
  ],
  [
    / ?\((?:text|images?|video|audio|thinking)(?:(?: ?\/ ?|, ?| and )(?:text|images?|video|audio|thinking))*\)/iy,
    readModalities,
  ],
  [
    / ?(?:\/ ?|per )(?:[\w./]+ )?(?:image|min|minute|second|song|request)s?\b/iy,
    (_, clause) => ({ ...clause, isOtherUnit: true }),
  ],
];

/**
 * Every price of a cell such as `$1.25, prompts <= 200k tokens`, on lines of their own or behind each other. Empty where the
 * cell says that there is none, and null if anything of it is left over that is not understood.
 */
export function readClauses(text: string): Clause[] | null {
  const cell = cleanCell(text).replace(INTRODUCTION, '');
  if (ABSENT.test(cell)) return [];
  const clauses: Clause[] = [];
  const alternatives = new Set<number>();
  const successors = new Set<number>();
  let at = 0;
  while (at < cell.length) {
    const price = matchAt(PRICE, cell, at);
    if (!price?.[1]) return null;
    at += price[0].length;
    let clause: Clause | null = newClause(toNumber(price[1]), price[0].length > price[1].length + 1);
    for (let suffix = findSuffix(cell, at); suffix; suffix = findSuffix(cell, at)) {
      clause = suffix.read(suffix.match, clause);
      if (!clause) return null;
      at += suffix.match[0].length;
    }
    clauses.push(clause);
    const separator = matchAt(SEPARATOR, cell, at);
    if (separator && /\bor\b/i.test(separator[0])) alternatives.add(clauses.length - 1);
    if (separator && /\bthen\b/i.test(separator[0])) successors.add(clauses.length);
    // Two prices without anything between them are one that was torn.
    if (!separator && at < cell.length) return null;
    at += separator?.[0].length ?? 0;
  }
  // "$2.00 through November 30, 2026, then $4.00": the day is said once; without one, "then" says nothing.
  for (const index of successors) {
    const [before, after] = [clauses[index - 1], clauses[index]];
    if (!before?.until || !after || after.from) return null;
    clauses[index] = { ...after, from: before.until };
  }
  // "$12.00 or $0.018/min (audio)" says of both that they are for audio.
  return clauses.map((clause, index) => {
    const next = alternatives.has(index) ? clauses[index + 1] : undefined;
    return next && clause.modalities.length === 0 ? { ...clause, modalities: next.modalities } : clause;
  });
}

function newClause(usd: number, isOtherUnit: boolean): Clause {
  return {
    usd,
    promptOver: null,
    promptUpTo: null,
    modalities: [],
    from: null,
    until: null,
    isStorage: false,
    isOtherUnit,
  };
}

function findSuffix(cell: string, at: number) {
  for (const [pattern, read] of SUFFIXES) {
    const match = matchAt(pattern, cell, at);
    if (match) return { match, read };
  }
  return null;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function readSize(match: RegExpExecArray, clause: Clause): Clause | null {
  if (clause.promptOver !== null) return null;
  const size = Number(match[2]) * 1000;
  return match[1] === '>' ? { ...clause, promptOver: size } : { ...clause, promptOver: 0, promptUpTo: size };
}

function readModalities(match: RegExpExecArray, clause: Clause): Clause | null {
  if (clause.modalities.length > 0) return null;
  const words = match[0].toLowerCase().match(/text|image|video|audio/g) ?? [];
  return { ...clause, modalities: words };
}
