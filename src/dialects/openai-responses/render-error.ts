import type { ErrorCode, GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { RenderedError } from '../dialect.ts';
import { DIALECT } from './dialect-id.ts';

/** OpenAI's `type` and `code`. What it has no code for keeps ours, which says more than none. */
const WORDS: Record<ErrorCode, readonly [type: string, code: string | null]> = {
  missing_key: ['invalid_request_error', 'invalid_api_key'],
  invalid_key: ['invalid_request_error', 'invalid_api_key'],
  key_expired: ['invalid_request_error', 'invalid_api_key'],
  key_revoked: ['invalid_request_error', 'invalid_api_key'],
  forbidden: ['invalid_request_error', 'insufficient_permissions'],
  not_found: ['invalid_request_error', 'unknown_url'],
  method_not_allowed: ['invalid_request_error', 'method_not_supported'],
  invalid_json: ['invalid_request_error', 'invalid_json'],
  invalid_request: ['invalid_request_error', 'invalid_value'],
  unsupported: ['invalid_request_error', 'unsupported_value'],
  body_too_large: ['invalid_request_error', 'request_too_large'],
  unknown_model: ['invalid_request_error', 'model_not_found'],
  no_provider: ['server_error', 'no_provider'],
  no_candidate: ['invalid_request_error', 'no_candidate'],
  context_too_long: ['invalid_request_error', 'context_length_exceeded'],
  content_refused: ['invalid_request_error', 'content_policy_violation'],
  rate_limited: ['requests', 'rate_limit_exceeded'],
  budget_exceeded: ['insufficient_quota', 'insufficient_quota'],
  client_closed: ['invalid_request_error', 'client_closed'],
  provider_rejected: ['invalid_request_error', null],
  provider_model_missing: ['invalid_request_error', 'model_not_found'],
  provider_auth: ['server_error', 'provider_auth'],
  provider_quota: ['insufficient_quota', 'insufficient_quota'],
  provider_rate_limited: ['requests', 'rate_limit_exceeded'],
  provider_overloaded: ['server_error', 'provider_overloaded'],
  provider_failed: ['server_error', 'provider_failed'],
  provider_unreachable: ['server_error', 'provider_unreachable'],
  provider_timeout: ['server_error', 'provider_timeout'],
  provider_garbled: ['server_error', 'provider_garbled'],
  internal: ['server_error', 'internal_error'],
};

/** The error in OpenAI's envelope, or word for word as the provider put it where that speaks this dialect. */
export function renderError(error: GatewayError): RenderedError {
  const seconds = error.retryAfterSeconds;
  const headers: Record<string, string> = seconds === undefined ? {} : { 'retry-after': String(Math.ceil(seconds)) };
  const { complaint } = error;
  if (complaint?.dialect === DIALECT && isJsonObject(complaint.body)) {
    return { status: complaint.status, headers, body: complaint.body };
  }
  return { status: statusOf(error), headers, body: { error: errorFields(error) } };
}

/** What stands inside the envelope, which is also what a stream tells. */
export function errorFields({ code: ourCode, message, param, complaint }: GatewayError): JsonObject {
  const said = complaint?.dialect === DIALECT && isJsonObject(complaint.body) ? complaint.body.error : undefined;
  if (isJsonObject(said)) return said;
  const [type, code] = WORDS[ourCode];
  return { message, type, param: param || null, code };
}

/** An unknown model is a bad request here, where Chat Completions has a 404. */
function statusOf({ code, status }: GatewayError): number {
  return code === 'unknown_model' || code === 'provider_model_missing' ? 400 : status;
}
