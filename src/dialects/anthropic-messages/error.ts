import { type ErrorCode, GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { RenderedError } from '../dialect.ts';
import { isTooDeep } from '../too-deep.ts';
import { parseRetryAfter } from './retry-after.ts';
import { DIALECT, wireError } from './wire.ts';

/** Longer ones are nobody's, and would take long to be understood. */
const MAX_MESSAGE = 2000;
/** Not an IANA status; only this vendor has it. */
const OVERLOADED_STATUS = 529;

/** The status a kind of error has outside of a stream. https://platform.claude.com/docs/en/api/errors */
const STATUSES: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: OVERLOADED_STATUS,
};

// Lack of money is told in a 400 or a 429 of the ordinary kinds, so only the words tell it apart.
const OUT_OF_CREDIT =
  /credit balance|API usage limits|spend(?:ing)? limit|(?:extra usage|usage credits?) (?:is|are) required/i;
const OUT_OF_CREDIT_CODE = /spend_limit_reached$|billing_unavailable$/;
const ACCOUNT_CLOSED = /organization (?:has been disabled|is on hold)/i;
const TOO_LONG = /(?:prompt|input) is too long|exceeds? [^.]{0,40}context|context (?:window|limit|length) exceeded/i;

/** Our sentences for what the provider's own words must not be shown of: they can quote our key or account. */
const OUR_WORDS: Partial<Record<ErrorCode, string>> = {
  provider_auth: "The provider refused the gateway's credentials.",
  provider_quota: "The gateway's account at the provider is out of credit or quota.",
  provider_rate_limited: 'The provider limits the rate of requests; try again later.',
  provider_overloaded: 'The provider is overloaded; try again later.',
  provider_failed: 'The provider failed to answer.',
};

interface Complaint {
  type: string | undefined;
  message: string;
  errorCode: string;
}

/** What an error reply means. Only a complaint about the request itself keeps the provider's words. */
export function parseError(status: number, body: unknown, headers: Headers): GatewayError {
  const said = readComplaint(body);
  const code = classify(status, said);
  const retryAfterSeconds = parseRetryAfter(headers);
  const retryAfter = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const sentence = OUR_WORDS[code];
  if (sentence) return new GatewayError(code, sentence, { cause: body, ...retryAfter });
  const complaint =
    isJsonObject(body) && said.type && !isTooDeep(body) ? { complaint: { dialect: DIALECT, status, body } } : {};
  return new GatewayError(code, said.message || 'The provider rejected the request.', { cause: body, ...complaint });
}

/** An error without a status: one inside a stream, or in a body that came with 200. */
export function parseErrorBody(body: JsonObject): GatewayError {
  const { type } = readComplaint(body);
  const status = type && Object.hasOwn(STATUSES, type) ? STATUSES[type] : undefined;
  return parseError(status ?? 500, body, new Headers());
}

function readComplaint(body: unknown): Complaint {
  const parsed = wireError.safeParse(body);
  if (!parsed.success) return { type: undefined, message: '', errorCode: '' };
  const { type, message, details } = parsed.data.error;
  return {
    type: type ?? undefined,
    message: (message ?? '').slice(0, MAX_MESSAGE),
    errorCode: details?.error_code ?? '',
  };
}

function classify(status: number, { type, message, errorCode }: Complaint): ErrorCode {
  if (status === OVERLOADED_STATUS || status === 503 || type === 'overloaded_error') return 'provider_overloaded';
  if (status < 400 || status >= 500 || status === 408) return 'provider_failed';
  if (status === 402 || OUT_OF_CREDIT.test(message) || OUT_OF_CREDIT_CODE.test(errorCode)) return 'provider_quota';
  if (status === 401 || status === 403 || ACCOUNT_CLOSED.test(message)) return 'provider_auth';
  if (status === 429) return 'provider_rate_limited';
  if (TOO_LONG.test(message)) return 'context_too_long';
  if (status !== 404) return 'provider_rejected';
  // Without the vendor's envelope it is the address that is wrong, not the request.
  if (type !== 'not_found_error') return 'provider_failed';
  return /\bmodel\b/i.test(message) ? 'provider_model_missing' : 'provider_rejected';
}

/** The envelope of this wire. What a provider of it said of the request is passed on as it was. */
export function renderError(error: GatewayError, requestId: string): RenderedError {
  const { complaint } = error;
  const headers = retryHeaders(error);
  if (complaint?.dialect === DIALECT && isJsonObject(complaint.body)) {
    return { status: complaint.status, headers, body: complaint.body };
  }
  return {
    status: error.code === 'provider_overloaded' ? OVERLOADED_STATUS : error.status,
    headers,
    body: { type: 'error', error: { type: errorType(error), message: error.message }, request_id: requestId },
  };
}

function retryHeaders({ code, retryAfterSeconds }: GatewayError): Record<string, string> {
  if (code === 'budget_exceeded') return { 'x-should-retry': 'false' };
  if (retryAfterSeconds === undefined) return {};
  return {
    'retry-after': String(Math.ceil(retryAfterSeconds)),
    'retry-after-ms': String(Math.ceil(retryAfterSeconds * 1000)),
  };
}

function errorType({ code, status }: GatewayError): string {
  switch (code) {
    case 'missing_key':
    case 'invalid_key':
    case 'key_expired':
    case 'key_revoked':
      return 'authentication_error';
    case 'forbidden':
    case 'model_not_allowed':
      return 'permission_error';
    case 'budget_exceeded':
      return 'billing_error';
    case 'not_found':
    case 'unknown_model':
    case 'provider_model_missing':
      return 'not_found_error';
    case 'body_too_large':
      return 'request_too_large';
    case 'rate_limited':
    case 'provider_rate_limited':
    case 'provider_quota':
      return 'rate_limit_error';
    case 'provider_overloaded':
      return 'overloaded_error';
    case 'provider_timeout':
      return 'timeout_error';
    case 'provider_rejected':
      return status === 413 ? 'request_too_large' : status === 404 ? 'not_found_error' : 'invalid_request_error';
    case 'method_not_allowed':
    case 'conflict':
    case 'invalid_json':
    case 'invalid_request':
    case 'unsupported':
    case 'no_candidate':
    case 'context_too_long':
    case 'content_refused':
      return 'invalid_request_error';
    case 'no_provider':
    case 'client_closed':
    case 'provider_auth':
    case 'provider_failed':
    case 'provider_unreachable':
    case 'provider_garbled':
    case 'internal':
      return 'api_error';
  }
}
