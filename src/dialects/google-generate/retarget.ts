import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { Target } from '../dialect.ts';
import { NO_SIGNATURE } from './signature.ts';

/**
 * The client's own body for another of Google's models: the model is in it only where the client put it there, and calls
 * that another vendor made earlier in the conversation are marked as such for models that would miss their signature.
 */
export function retarget(body: JsonObject, target: Target): JsonObject {
  const own = { ...body };
  if (typeof body.model === 'string') {
    own.model = body.model.startsWith('models/') ? `models/${target.model}` : target.model;
  }
  // Only models with levels, which are those since Gemini 3, demand signatures.
  if (target.reasoning.efforts.length > 0 && Array.isArray(body.contents)) own.contents = withSignatures(body.contents);
  return own;
}

function withSignatures(contents: unknown[]): unknown[] {
  const marked = contents.map(markTurn);
  return marked.some((turn, index) => turn !== contents[index]) ? marked : contents;
}

function markTurn(turn: unknown): unknown {
  if (!isJsonObject(turn) || turn.role !== 'model' || !Array.isArray(turn.parts)) return turn;
  const first = turn.parts.findIndex((part: unknown) => callOf(part) !== undefined);
  const part: unknown = turn.parts[first];
  // The models that do not sign give no ids either, and a client of theirs has none to send.
  if (!isJsonObject(part) || part.thoughtSignature || part.thought_signature || !callOf(part)?.id) return turn;
  return { ...turn, parts: turn.parts.with(first, { ...part, thoughtSignature: NO_SIGNATURE }) };
}

function callOf(part: unknown): JsonObject | undefined {
  const call = isJsonObject(part) ? (part.functionCall ?? part.function_call) : undefined;
  return isJsonObject(call) ? call : undefined;
}
