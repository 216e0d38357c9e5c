import { type LRU, lru } from 'tiny-lru';

/** A piece of a prompt. `cache` is the caller's wish to have everything up to and with this piece kept. */
export interface Segment {
  text: string;
  cache?: 'short' | 'long' | undefined;
}

/** Tokens of a prompt, and how many of them came from or went into the vendor's prompt cache. */
export interface PromptTokens {
  total: number;
  read: number;
  writtenShort: number;
  writtenLong: number;
}

const PREFIXES = 2000;
const TTL_MS = 5 * 60_000;
/** No vendor caches a shorter prompt. */
const MIN_CACHED_TOKENS = 1024;
/** What an image or another file counts, whatever its size in base64. */
const FILE_CHARACTERS = 1024;
const BASE64_RUN = /[A-Za-z0-9+/_-]+={0,2}/g;

/** The usual estimate: four characters are a token. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** A part of a request as a piece of prompt. */
export function segment(part: unknown, cache?: Segment['cache']): Segment {
  return { text: typeof part === 'string' ? part : JSON.stringify(part), cache };
}

export function countPrompt(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + countSegment(text), 0);
}

/** Remembers which beginnings of prompts it has seen, as a vendor's prompt cache does; bounded, and forgets after 5 minutes. */
export function createPromptMemory() {
  const seen: LRU<true> = lru(PREFIXES, TTL_MS);

  return {
    /** A cache that works by itself, in whole blocks of `blockTokens` (OpenAI, Google). */
    measureAutomatic(model: string, segments: readonly Segment[], blockTokens: number): PromptTokens {
      const prefixes = prefixesOf(model, segments);
      const total = prefixes.at(-1)?.tokens ?? 0;
      const known = prefixes.findLast(({ key }) => seen.get(key))?.tokens ?? 0;
      for (const { key, tokens } of prefixes) if (tokens >= MIN_CACHED_TOKENS) seen.set(key, true);
      return { total, read: known - (known % blockTokens), writtenShort: 0, writtenLong: 0 };
    },

    /** A cache that keeps only what is marked (Anthropic). */
    measureMarked(model: string, segments: readonly Segment[]): PromptTokens {
      const prefixes = prefixesOf(model, segments);
      const marked = prefixes.filter(({ cache, tokens }) => cache && tokens >= MIN_CACHED_TOKENS);
      const end = marked.at(-1)?.tokens ?? 0;
      const read = prefixes.findLast(({ key, tokens }) => tokens <= end && seen.get(key))?.tokens ?? 0;
      const long = Math.max(read, marked.findLast(({ cache }) => cache === 'long')?.tokens ?? 0);
      for (const { key } of marked) seen.set(key, true);
      return { total: prefixes.at(-1)?.tokens ?? 0, read, writtenShort: end - long, writtenLong: long - read };
    },
  };
}

export type PromptMemory = ReturnType<typeof createPromptMemory>;

interface Prefix {
  key: string;
  tokens: number;
  cache: Segment['cache'];
}

/** Every beginning of the prompt that ends with a segment. The key of one depends on all segments before it. */
function prefixesOf(model: string, segments: readonly Segment[]): Prefix[] {
  let hash = Bun.hash.wyhash(model);
  let tokens = 0;
  return segments.map(({ text, cache }) => {
    hash = Bun.hash.wyhash(text, hash);
    tokens += countSegment(text);
    return { key: hash.toString(36), tokens, cache };
  });
}

function countSegment(text: string): number {
  if (text.length <= FILE_CHARACTERS) return countTokens(text);
  return countTokens(text.replace(BASE64_RUN, (run) => run.slice(0, FILE_CHARACTERS)));
}
