import { describe, expect, test } from 'bun:test';
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { parseError, renderError } from './error.ts';
import { parseRetryAfter } from './retry-after.ts';

const envelope = (type: string, message: string, details?: object) => ({
  type: 'error',
  error: { type, message, ...(details ? { details } : {}) },
  request_id: 'req_1',
});

describe('what the provider says is told apart', () => {
  const cases: [ErrorCode, number, unknown][] = [
    ['provider_rejected', 400, envelope('invalid_request_error', 'messages.0: wrong')],
    ['provider_rejected', 413, { error: { type: 'request_too_large', message: 'too large' } }],
    ['provider_rejected', 404, envelope('not_found_error', 'File not found: file_1')],
    ['provider_rejected', 422, 'text'],
    ['context_too_long', 400, envelope('invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum')],
    [
      'context_too_long',
      400,
      envelope('invalid_request_error', 'input length and `max_tokens` exceed context limit: 8 + 9 > 10'),
    ],
    ['provider_model_missing', 404, envelope('not_found_error', 'model: no-such-model')],
    ['provider_auth', 401, envelope('authentication_error', 'invalid x-api-key sk-ant-secret')],
    ['provider_auth', 403, envelope('permission_error', 'no access')],
    ['provider_auth', 400, envelope('invalid_request_error', 'This organization has been disabled.')],
    ['provider_quota', 400, envelope('invalid_request_error', 'Your credit balance is too low to go on.')],
    ['provider_quota', 400, envelope('invalid_request_error', 'You have reached your specified API usage limits.')],
    ['provider_quota', 402, envelope('billing_error', 'pay')],
    ['provider_quota', 429, envelope('rate_limit_error', 'x', { error_code: 'enforced_spend_limit_reached' })],
    ['provider_rate_limited', 429, envelope('rate_limit_error', 'slow down')],
    ['provider_rate_limited', 429, null],
    ['provider_overloaded', 529, envelope('overloaded_error', 'Overloaded')],
    ['provider_overloaded', 503, '<html>'],
    ['provider_failed', 500, envelope('api_error', 'Internal server error')],
    ['provider_failed', 504, 'gateway'],
    ['provider_failed', 404, '<html>not here</html>'],
    ['provider_failed', 302, ''],
    ['provider_rejected', 400, { error: 5 }],
  ];
  test.each(cases)('%s (%i)', (code, status, body) => {
    expect(parseError(status, body, new Headers()).code).toBe(code);
  });
});

test('a complaint about the request keeps its words and goes back as it came', () => {
  const body = envelope('invalid_request_error', 'messages.0: wrong');
  const error = parseError(400, body, new Headers());
  expect(error.message).toBe('messages.0: wrong');
  expect(renderError(error, 'req_ours')).toEqual({ status: 400, headers: {}, body });
});

test('words that can quote our key go no further than the cause', () => {
  const body = envelope('authentication_error', 'invalid x-api-key sk-ant-secret');
  for (const status of [401, 403, 402, 429, 500, 529]) {
    const error = parseError(status, body, new Headers());
    expect(error.complaint).toBeUndefined();
    expect(JSON.stringify([error.message, renderError(error, 'req_1')])).not.toContain('sk-ant-secret');
    expect(error.cause).toBe(body);
  }
});

test.each<[number | undefined, Record<string, string>]>([
  [38, { 'retry-after': '38' }],
  [2, { 'retry-after': '1.2' }],
  [3600, { 'retry-after': '99999999' }],
  [undefined, { 'retry-after': '-5' }],
  [undefined, { 'retry-after': 'soon' }],
  [undefined, {}],
  [30, { 'retry-after': 'Fri, 02 Jan 2026 15:16:30 GMT', date: 'Fri, 02 Jan 2026 15:16:00 GMT' }],
  [
    30,
    {
      'anthropic-ratelimit-requests-remaining': '4',
      'anthropic-ratelimit-requests-reset': '2026-01-02T15:20:00Z',
      'anthropic-ratelimit-output-tokens-remaining': '0',
      'anthropic-ratelimit-output-tokens-reset': '2026-01-02T15:16:30Z',
      date: 'Fri, 02 Jan 2026 15:16:00 GMT',
    },
  ],
])('the wait is %p seconds', (seconds, headers) => {
  expect(parseRetryAfter(new Headers(headers))).toBe(seconds);
});

describe('every code has its envelope', () => {
  const cases: [ErrorCode, number, string][] = [
    ['missing_key', 401, 'authentication_error'],
    ['invalid_key', 401, 'authentication_error'],
    ['key_expired', 401, 'authentication_error'],
    ['key_revoked', 401, 'authentication_error'],
    ['forbidden', 403, 'permission_error'],
    ['not_found', 404, 'not_found_error'],
    ['method_not_allowed', 405, 'invalid_request_error'],
    ['conflict', 409, 'invalid_request_error'],
    ['invalid_json', 400, 'invalid_request_error'],
    ['invalid_request', 400, 'invalid_request_error'],
    ['unsupported', 400, 'invalid_request_error'],
    ['body_too_large', 413, 'request_too_large'],
    ['unknown_model', 404, 'not_found_error'],
    ['no_provider', 503, 'api_error'],
    ['no_candidate', 422, 'invalid_request_error'],
    ['context_too_long', 400, 'invalid_request_error'],
    ['content_refused', 400, 'invalid_request_error'],
    ['rate_limited', 429, 'rate_limit_error'],
    ['budget_exceeded', 402, 'billing_error'],
    ['client_closed', 499, 'api_error'],
    ['provider_rejected', 400, 'invalid_request_error'],
    ['provider_model_missing', 404, 'not_found_error'],
    ['provider_auth', 502, 'api_error'],
    ['provider_quota', 429, 'rate_limit_error'],
    ['provider_rate_limited', 429, 'rate_limit_error'],
    ['provider_overloaded', 529, 'overloaded_error'],
    ['provider_failed', 502, 'api_error'],
    ['provider_unreachable', 502, 'api_error'],
    ['provider_timeout', 504, 'timeout_error'],
    ['provider_garbled', 502, 'api_error'],
    ['internal', 500, 'api_error'],
  ];
  test.each(cases)('%s', (code, status, type) => {
    expect(renderError(new GatewayError(code, 'A sentence.', { retryAfterSeconds: 7 }), 'req_9')).toEqual({
      status,
      headers:
        code === 'budget_exceeded' ? { 'x-should-retry': 'false' } : { 'retry-after': '7', 'retry-after-ms': '7000' },
      body: { type: 'error', error: { type, message: 'A sentence.' }, request_id: 'req_9' },
    });
  });
});

test("another dialect's complaint is said in this one's envelope", () => {
  const complaint = { dialect: 'openai-chat', status: 404, body: { error: { message: 'x' } } };
  const error = new GatewayError('provider_rejected', 'No such file.', { complaint });
  expect(renderError(error, 'req_9')).toEqual({
    status: 404,
    headers: {},
    body: { type: 'error', error: { type: 'not_found_error', message: 'No such file.' }, request_id: 'req_9' },
  });
});
