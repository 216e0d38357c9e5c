import type { GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import { createErrorParser, isTooLong, readError, type WireError } from '../openai-common/error-parser.ts';
import { DIALECT } from './dialect-id.ts';

export const parseError = createErrorParser(DIALECT);

/** Whether a body or chunk tells of an error: OpenAI's envelope, or the flat one of vLLM and Mistral. */
export function hasError(body: unknown): boolean {
  // Google's compatible endpoint wraps it in a list.
  const reply: unknown = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(reply)) return false;
  return (
    isJsonObject(reply.error) || (typeof reply.error === 'string' && reply.error !== '') || reply.object === 'error'
  );
}

/** An error that came with status 200, in a body or in the midst of a stream. */
export function parseReplyError(body: unknown): GatewayError {
  return parseError(impliedStatus(readError(body)), body, new Headers());
}

function impliedStatus(error: WireError): number {
  const number = Number(error.code);
  if (Number.isInteger(number) && number >= 400 && number <= 599) return number;
  const words = `${error.code} ${error.type}`.toLowerCase();
  if (/rate_limit|quota|too_many/.test(words)) return 429;
  if (/overloaded|unavailable/.test(words)) return 503;
  if (/authentication|api_key|unauthorized/.test(words)) return 401;
  if (/invalid_request|bad_?request|context_length/.test(words)) return 400;
  return isTooLong(error) ? 400 : 500;
}
