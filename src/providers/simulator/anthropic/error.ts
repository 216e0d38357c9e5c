import { type Call, jsonReply, type Reply } from '../call.ts';
import { randomId } from '../ids.ts';
import type { Directives } from '../script/directives.ts';

const TYPES = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

/** https://docs.claude.com/en/api/errors */
export function anthropicError(status: number, message: string, headers: Record<string, string> = {}): Reply {
  const requestId = randomId('req_011C', 20);
  const error = { type: TYPES.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error'), message };
  // A body that is too large is refused at the edge, whose envelope lacks the outer type.
  const body = status === 413 ? { error } : { type: 'error', error, request_id: requestId };
  const retries = { 'x-should-retry': `${status === 429 || status >= 500}` };
  return jsonReply(body, { status, headers: { 'request-id': requestId, ...retries, ...headers } });
}

export function invalidRequest(message: string): Reply {
  return anthropicError(400, message);
}

/** The headers of every good reply. */
export function anthropicHeaders(): Record<string, string> {
  const reset = instantIn(1);
  return {
    'request-id': randomId('req_011C', 20),
    'anthropic-ratelimit-requests-limit': '4000',
    'anthropic-ratelimit-requests-remaining': '3999',
    'anthropic-ratelimit-requests-reset': reset,
    'anthropic-ratelimit-input-tokens-limit': '2000000',
    'anthropic-ratelimit-input-tokens-remaining': '1999000',
    'anthropic-ratelimit-input-tokens-reset': reset,
    'anthropic-ratelimit-output-tokens-limit': '400000',
    'anthropic-ratelimit-output-tokens-remaining': '399000',
    'anthropic-ratelimit-output-tokens-reset': reset,
  };
}

/** The refusal a directive asks for. An empty account is a 400 here, and an overloaded service a 529. */
export function directedError(
  { kind, retryAfterSeconds }: NonNullable<Directives['error']>,
  call: Call,
  model: string,
): Reply {
  if (kind === 'quota') {
    return invalidRequest(
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
    );
  }
  if (kind === 'context') return invalidRequest('prompt is too long: 210000 tokens > 200000 maximum');
  const headers: Record<string, string> =
    kind === 429
      ? {
          'retry-after': `${retryAfterSeconds}`,
          'anthropic-ratelimit-output-tokens-limit': '16000',
          'anthropic-ratelimit-output-tokens-remaining': '0',
          'anthropic-ratelimit-output-tokens-reset': instantIn(retryAfterSeconds),
        }
      : {};
  return anthropicError(kind, messageOf(kind, call, model), headers);
}

function messageOf(status: number, call: Call, model: string): string {
  switch (status) {
    case 401:
      return 'invalid x-api-key';
    case 403:
      return 'Your API key does not have permission to use the specified resource.';
    case 404:
      return `model: ${model}`;
    case 413:
      return 'Request exceeds the maximum size';
    case 429:
      return (
        "This request would exceed your organization's rate limit of 16,000 output tokens per minute. For details, refer to: " +
        'https://docs.claude.com/en/api/rate-limits. Please reduce the prompt length or the maximum tokens requested, or try again later.'
      );
    case 529:
      return 'Overloaded';
    default:
      return status >= 500 ? 'Internal server error' : `${call.path}: the simulator was asked to refuse this request`;
  }
}

function instantIn(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
