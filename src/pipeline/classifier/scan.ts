import { type GramWriter, numberToken, pushToken, signToken } from './grams.ts';
import { findPair, findStem, findWord, foldCase, HASH_START, hashStep, STEM_LENGTHS, WORD_KINDS } from './lexicon.ts';

/** What one pass over a text counted. */
export interface Scan {
  chars: number;
  words: number;
  letters: number;
  longWords: number;
  upper: number;
  digits: number;
  numbers: number;
  /** Ideographs and Hangul: one of them says as much as several letters. */
  ideographs: number;
  /** Letters beyond ASCII, ideographs not counted. */
  wideLetters: number;
  mathSymbols: number;
  codeSymbols: number;
  latex: number;
  fences: number;
  lines: number;
  bullets: number;
  options: number;
  blanks: number;
  questions: number;
  sentences: number;
  commas: number;
  /** Hits by WORD_KINDS. */
  kinds: Int32Array;
}

const OTHER = 0;
const SPACE = 1;
const NEWLINE = 2;
const DIGIT = 3;
const UPPER = 4;
const LOWER = 5;
const MATH = 6;
const CODE = 7;
const END = 8;
const COMMA = 9;
const IDEOGRAPH = 10;
const WIDE_LETTER = 11;
const QUESTION = 12;

const LONG_WORD = 9;
const BACKSLASH = 92;
const BACKTICK = 96;
const UNDERSCORE = 95;

const ASCII = new Uint8Array(128);
const mark = (chars: string, kind: number): void => {
  for (const char of chars) ASCII[char.charCodeAt(0)] = kind;
};
mark(' \t\r', SPACE);
mark('\n', NEWLINE);
mark('0123456789', DIGIT);
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', UPPER);
mark('abcdefghijklmnopqrstuvwxyz', LOWER);
mark('+=*/<>^%|~', MATH);
mark('{}[]();_`#$@&\\', CODE);
mark('.!:', END);
mark('?', QUESTION);
mark(',', COMMA);

/**
 * Reads a text once, without making strings of its words. Any UTF-16 goes in: half a surrogate pair, an emoji or a control
 * character counts as a character and nothing else. The tokens go to `grams` on the way.
 */
export function scanText(text: string, grams: GramWriter): Scan {
  const scan = emptyScan(text.length);
  let hash = HASH_START;
  let wordLength = 0;
  let stemKind = -1;
  let digits = 0;
  let previous = 0;
  let previousKind = NEWLINE;

  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (ASCII[code] ?? OTHER) : kindOfWide(code);
    if (previousKind === NEWLINE) countLineStart(scan, text, index);

    if (kind === LOWER || kind === UPPER || kind === WIDE_LETTER) {
      if (digits > 0) pushToken(grams, numberToken(digits));
      digits = 0;
      hash = hashStep(hash, kind === LOWER ? code : foldCase(code));
      wordLength++;
      if (stemKind === -1 && wordLength >= STEM_LENGTHS.shortest && wordLength <= STEM_LENGTHS.longest) {
        stemKind = findStem(hash);
      }
      if (kind === UPPER) scan.upper++;
      else if (kind === WIDE_LETTER) scan.wideLetters++;
    } else {
      if (wordLength > 0) {
        countWord(scan, wordLength, stemKind === -1 ? findWord(hash) : stemKind);
        if (wordLength === 1 && isGreek(previous)) scan.mathSymbols++;
        pushToken(grams, hash);
        hash = HASH_START;
        wordLength = 0;
        stemKind = -1;
      }
      if (kind === DIGIT) digits++;
      else {
        if (digits > 0) pushToken(grams, numberToken(digits));
        digits = 0;
        if (kind !== SPACE) pushToken(grams, signToken(code));
      }
      // Most of what stands between words is a space, and nothing is counted of it.
      if (kind !== SPACE) countSign(scan, { code, kind, previous, previousKind });
    }
    previous = code;
    previousKind = kind;
  }
  if (wordLength > 0) {
    countWord(scan, wordLength, stemKind === -1 ? findWord(hash) : stemKind);
    pushToken(grams, hash);
  }
  if (digits > 0) pushToken(grams, numberToken(digits));
  return scan;
}

function emptyScan(chars: number): Scan {
  return {
    chars,
    words: 0,
    letters: 0,
    longWords: 0,
    upper: 0,
    digits: 0,
    numbers: 0,
    ideographs: 0,
    wideLetters: 0,
    mathSymbols: 0,
    codeSymbols: 0,
    latex: 0,
    fences: 0,
    lines: 0,
    bullets: 0,
    options: 0,
    blanks: 0,
    questions: 0,
    sentences: 0,
    commas: 0,
    kinds: new Int32Array(WORD_KINDS.length),
  };
}

function countKind(scan: Scan, kind: number): void {
  if (kind !== -1) scan.kinds[kind] = (scan.kinds[kind] ?? 0) + 1;
}

function countWord(scan: Scan, length: number, kind: number): void {
  scan.words++;
  scan.letters += length;
  if (length >= LONG_WORD) scan.longWords++;
  countKind(scan, kind);
}

function countSign(scan: Scan, at: { code: number; kind: number; previous: number; previousKind: number }): void {
  switch (at.kind) {
    case DIGIT:
      scan.digits++;
      if (at.previousKind !== DIGIT) scan.numbers++;
      return;
    case IDEOGRAPH:
      scan.ideographs++;
      if (at.previousKind === IDEOGRAPH) countKind(scan, findPair(at.previous, at.code));
      return;
    case MATH:
      scan.mathSymbols++;
      return;
    case CODE:
      countCodeSign(scan, at.code, at.previous);
      return;
    case END:
      scan.sentences++;
      return;
    case QUESTION:
      scan.questions++;
      return;
    case COMMA:
      scan.commas++;
      return;
    case NEWLINE:
      scan.lines++;
      return;
    default:
      return;
  }
}

function countCodeSign(scan: Scan, code: number, previous: number): void {
  scan.codeSymbols++;
  if (code === BACKSLASH || code === 36) scan.latex++;
  // A run of three backticks is counted at its third; two underscores at their second.
  else if (code === BACKTICK && previous === BACKTICK) scan.fences++;
  else if (code === UNDERSCORE && previous === UNDERSCORE) scan.blanks++;
}

/** `A.` and `(B)` are options of a question, `1.`, `2)`, `-`, `*` and `•` are items of a list. */
function countLineStart(scan: Scan, text: string, index: number): void {
  let at = index;
  if (text.charCodeAt(at) === 40) at++;
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  const isClosed = second === 46 || second === 41;
  if (isClosed && first >= 65 && first <= 74) scan.options++;
  else if (isClosed && first >= 48 && first <= 57) scan.bullets++;
  else if ((first === 45 || first === 42 || first === 0x2022) && second === 32) scan.bullets++;
}

function kindOfWide(code: number): number {
  if (code < 0xc0) return OTHER;
  if (code === 0xd7 || code === 0xf7) return MATH;
  if (code < 0x2000) return WIDE_LETTER;
  if (code < 0x2190) return OTHER;
  if (code < 0x2400) return MATH;
  if (code === 0x3002 || code === 0xff01 || code === 0xff1a) return END;
  if (code === 0xff1f) return QUESTION;
  if (code === 0x3001 || code === 0xff0c) return COMMA;
  if ((code >= 0x3040 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3)) return IDEOGRAPH;
  return code >= 0xd800 || code < 0x2c00 ? OTHER : WIDE_LETTER;
}

/** A Greek letter that stands alone is a symbol of a formula. */
function isGreek(code: number): boolean {
  return code >= 0x370 && code < 0x400;
}
