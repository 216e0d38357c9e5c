import type { ErrorCode, GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';

/** OpenAI's `type` and `code`. What it has no code for keeps ours, which says more than none. */
const WORDS: Record<ErrorCode, readonly [type: string, code: string | null]> = {
  missing_key: ['invalid_request_error', 'invalid_api_key'],
  invalid_key: ['invalid_request_error', 'invalid_api_key'],
  key_expired: ['invalid_request_error', 'invalid_api_key'],
  key_revoked: ['invalid_request_error', 'invalid_api_key'],
  forbidden: ['invalid_request_error', 'insufficient_permissions'],
  model_not_allowed: ['invalid_request_error', 'model_not_found'],
  not_found: ['invalid_request_error', 'unknown_url'],
  method_not_allowed: ['invalid_request_error', 'method_not_supported'],
  conflict: ['invalid_request_error', 'conflict'],
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

/** An error of ours as it stands inside the envelope. */
export function errorFields({ code: ourCode, message, param }: GatewayError): JsonObject {
  const [type, code] = WORDS[ourCode];
  return { message, type, param: param || null, code };
}

/** When to come back, or not at all: the SDK would try a spent budget again as it tries whatever is over 400 and not its fault. */
export function retryHeaders({ code, retryAfterSeconds }: GatewayError): Record<string, string> {
  if (code === 'budget_exceeded') return { 'x-should-retry': 'false' };
  if (retryAfterSeconds === undefined) return {};
  return {
    'retry-after': String(Math.ceil(retryAfterSeconds)),
    'retry-after-ms': String(Math.ceil(retryAfterSeconds * 1000)),
  };
}
