import type { Signature } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, tryParseJson } from '../../lib/json.ts';
import { DIALECT } from './dialect-id.ts';
import { shallowJson } from './json-text.ts';

/**
 * Another vendor's proof travels through a Chat client as a `format` with this prefix and that vendor's dialect, and comes
 * back with the next request where the client keeps the messages it got. OpenAI has no field for proofs of its own.
 */
const FOREIGN = 'dialect/';
const KEPT = ['type', 'id', 'format', 'index', 'signature', 'data'] as const;

/** The proof in an entry of `reasoning_details`: a vendor's own, or one we passed to the client. */
export function parseSignature(detail: JsonObject): Signature | undefined {
  const proof = typeof detail.signature === 'string' ? detail.signature : detail.data;
  if (typeof proof !== 'string') return undefined;
  const { format } = detail;
  if (typeof format === 'string' && format.startsWith(FOREIGN)) {
    return { dialect: format.slice(FOREIGN.length), value: proof };
  }
  const kept: JsonObject = {};
  for (const key of KEPT) {
    const value = detail[key];
    if (typeof value === 'string' || typeof value === 'number') kept[key] = value;
  }
  return { dialect: DIALECT, value: JSON.stringify(kept) };
}

/** The entry of `reasoning_details` that `parseSignature` reads; `field` is where a foreign proof goes. */
export function renderSignature(signature: Signature, field: 'signature' | 'data'): JsonObject {
  const own = signature.dialect === DIALECT ? tryParseJson(signature.value) : undefined;
  if (isJsonObject(own)) return own;
  const type = field === 'signature' ? 'reasoning.text' : 'reasoning.encrypted';
  return { type, [field]: signature.value, format: FOREIGN + signature.dialect };
}

/** The proof beside a tool call, which Google's compatible endpoint sends and wants back in `extra_content`. */
export function parseExtraContent(extra: unknown): { signature?: Signature } {
  if (!isJsonObject(extra)) return {};
  const { format, signature } = extra;
  if (typeof format === 'string' && format.startsWith(FOREIGN) && typeof signature === 'string') {
    return { signature: { dialect: format.slice(FOREIGN.length), value: signature } };
  }
  const value = shallowJson(extra);
  return value === undefined ? {} : { signature: { dialect: DIALECT, value } };
}

export function renderExtraContent(signature: Signature | undefined): JsonObject {
  if (!signature) return {};
  const own = signature.dialect === DIALECT ? tryParseJson(signature.value) : undefined;
  if (isJsonObject(own)) return { extra_content: own };
  return { extra_content: { signature: signature.value, format: FOREIGN + signature.dialect } };
}
