import type { GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import { createErrorParser, isTooLong, readError, type WireError } from '../openai-common/error-parser.ts';
import { DIALECT } from './dialect-id.ts';

/**
 * Codes of responses that failed because of what they were asked:
 * https://platform.openai.com/docs/api-reference/responses/object
 */
const REQUEST_FAULT = /invalid|unsupported|image|context_length|policy|not_found|too_(large|long|small)|bad_?request/;

export const parseError = createErrorParser(DIALECT);

/** Whether a body or a message of a stream is an error envelope. A whole response has `error: null`. */
export function hasError(body: unknown): boolean {
  // Some servers wrap it in a list.
  const reply: unknown = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(reply)) return false;
  return isJsonObject(reply.error) || (typeof reply.error === 'string' && reply.error !== '');
}

/**
 * An error that came with status 200: the `error` of a failed response, or an `error` message, which has its words
 * inside `error` or beside its type.
 */
export function parseReplyError(wire: unknown): GatewayError {
  const error = readError(wire);
  const { message, code, param } = error;
  const isKind = error.type !== '' && error.type !== 'error';
  const body = {
    error: { message, type: isKind ? error.type : kindOf(error), param: param ?? null, code: code || null },
  };
  return parseError(impliedStatus(error), body, new Headers());
}

function impliedStatus(error: WireError): number {
  const number = Number(error.code);
  if (Number.isInteger(number) && number >= 400 && number <= 599) return number;
  const words = `${error.code} ${error.type}`.toLowerCase();
  if (/rate_limit|quota|too_many/.test(words)) return 429;
  if (/overloaded|unavailable|slow_down/.test(words)) return 503;
  if (/authentication|api_key|unauthorized|permission/.test(words)) return 401;
  if (/server_error|timeout|internal/.test(words)) return 500;
  return REQUEST_FAULT.test(words) || isTooLong(error) ? 400 : 500;
}

function kindOf(error: WireError): string {
  return impliedStatus(error) === 400 ? 'invalid_request_error' : 'server_error';
}
