import { costOf } from '../../../registry/price.ts';
import type { Model } from '../../../registry/schema.ts';
import { NO_USAGE } from '../../chat/usage.ts';

/** What vendors put around a prompt. */
const TEMPLATE_TOKENS = 500;

interface Size {
  promptBytes: number;
  maxOutputTokens: number;
}

/**
 * The most a call can come to: a token is at least one byte, a provider may write all of a prompt into its cache, and bill by a
 * multiplier. Null = unpriced.
 */
export function mostOf(model: Model, { promptBytes, maxOutputTokens: output }: Size, at: number): number | null {
  const input = promptBytes + TEMPLATE_TOKENS;
  const read = costOf({ model, at, usage: { ...NO_USAGE, input, output } }).nanoUsd;
  const written = costOf({ model, at, usage: { ...NO_USAGE, cacheWriteShort: input, output } }).nanoUsd;
  if (read === null) return null;
  return Math.ceil(Math.max(read, written ?? 0) * Math.max(1, ...Object.values(model.multipliers)));
}

export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
