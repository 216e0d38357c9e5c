import { expect, test } from 'bun:test';
import { type ErrorCode, GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { googleGenerate } from './index.ts';

const rpc = 'type.googleapis.com/google.rpc.';

function parse(status: number, error: JsonObject | string, headers: Record<string, string> = {}) {
  return googleGenerate.parseError(status, typeof error === 'string' ? error : { error }, new Headers(headers));
}

function quota(quotaId: string, message = 'You exceeded your current quota, check your plan and billing details.') {
  const violations = [{ quotaId, quotaValue: '50' }];
  return { code: 429, message, status: 'RESOURCE_EXHAUSTED', details: [{ '@type': `${rpc}QuotaFailure`, violations }] };
}

test('a bad key is told from a bad request by its reason, and Google’s words stay with us', () => {
  const message = 'API key not valid: AIza-secret';
  const error = parse(400, {
    code: 400,
    message,
    details: [{ '@type': `${rpc}ErrorInfo`, reason: 'API_KEY_INVALID' }],
  });
  expect(error.code).toBe('provider_auth');
  expect(error.message).not.toContain('AIza');
  expect(error.complaint).toBeUndefined();
});

test.each<[number, string, ErrorCode]>([
  [400, 'Please use a valid role: user, model.', 'provider_rejected'],
  [400, 'The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).', 'context_too_long'],
  [400, 'User location is not supported for the API use.', 'provider_auth'],
  [401, 'Request had invalid authentication credentials.', 'provider_auth'],
  [403, 'The caller does not have permission', 'provider_auth'],
  [403, 'CachedContent not found (or permission denied)', 'provider_rejected'],
  [404, 'models/gemini-9 is not found for API version v1beta', 'provider_model_missing'],
  [404, 'Not found: cache content metadata 1.', 'provider_rejected'],
  [413, 'Request payload size exceeds the limit', 'provider_rejected'],
  [429, 'Resource has been exhausted (e.g. check quota).', 'provider_rate_limited'],
  [429, '* Quota exceeded for metric: x, limit: 0, model: gemini-pro', 'provider_quota'],
  [499, 'The operation was cancelled.', 'provider_failed'],
  [500, 'An internal error has occurred.', 'provider_failed'],
  [503, 'The model is overloaded.', 'provider_overloaded'],
  [504, 'Deadline expired before operation could complete.', 'provider_failed'],
])('%d "%s" is %s', (status, message, code) => {
  const error = parse(status, { code: status, message });
  expect(error.code).toBe(code);
  const isPassedOn = error.complaint !== undefined;
  expect(isPassedOn).toBe(['provider_rejected', 'context_too_long', 'provider_model_missing'].includes(code));
  expect(error.message === message).toBe(isPassedOn);
});

test('a daily quota is told from a rate limit, and the delay is read from wherever it stands', () => {
  expect(parse(429, quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')).code).toBe('provider_quota');
  const limited = quota('GenerateRequestsPerMinutePerProjectPerModel');
  expect(parse(429, limited)).toMatchObject({ code: 'provider_rate_limited', retryAfterSeconds: undefined });
  const withInfo = { ...limited, details: [...limited.details, { '@type': `${rpc}RetryInfo`, retryDelay: '48.2s' }] };
  expect(parse(429, withInfo).retryAfterSeconds).toBe(49);
  expect(parse(429, quota('PerMinute', 'Please retry in 12.9s.')).retryAfterSeconds).toBe(13);
  expect(parse(503, { message: 'x' }, { 'retry-after': '7' }).retryAfterSeconds).toBe(7);
  expect(parse(503, { message: 'x' }, { 'retry-after': '999999999' }).retryAfterSeconds).toBe(3600);
});

test('a list around the error is taken off', () => {
  const body = [{ error: { code: 400, message: 'Bad.', status: 'INVALID_ARGUMENT' } }];
  const error = googleGenerate.parseError(400, body, new Headers());
  expect(error.message).toBe('Bad.');
  expect(googleGenerate.renderError(error, 'r1')).toEqual({ status: 400, headers: {}, body: body[0] as JsonObject });
});

test('bodies that make no sense still give an error', () => {
  for (const body of [null, undefined, '', '<html>', [], [1], {}, { error: null }, { error: 'x' }, { error: [] }, 7]) {
    expect(googleGenerate.parseError(400, body, new Headers()).code).toBe('provider_rejected');
    expect(googleGenerate.parseError(502, body, new Headers()).code).toBe('provider_failed');
  }
});

test.each<[ErrorCode, number, string]>([
  ['missing_key', 401, 'UNAUTHENTICATED'],
  ['forbidden', 403, 'PERMISSION_DENIED'],
  ['invalid_request', 400, 'INVALID_ARGUMENT'],
  ['unknown_model', 404, 'NOT_FOUND'],
  ['body_too_large', 413, 'INVALID_ARGUMENT'],
  ['budget_exceeded', 402, 'RESOURCE_EXHAUSTED'],
  ['no_candidate', 422, 'FAILED_PRECONDITION'],
  ['rate_limited', 429, 'RESOURCE_EXHAUSTED'],
  ['client_closed', 499, 'CANCELLED'],
  ['internal', 500, 'INTERNAL'],
  ['provider_auth', 502, 'UNAVAILABLE'],
  ['provider_overloaded', 503, 'UNAVAILABLE'],
  ['provider_timeout', 504, 'DEADLINE_EXCEEDED'],
])('%s is rendered as %d %s', (code, status, name) => {
  const rendered = googleGenerate.renderError(new GatewayError(code, 'A sentence.'), 'r1');
  expect(rendered.status).toBe(status);
  expect(rendered.body.error).toMatchObject({ code: status, message: 'A sentence.', status: name });
});

test('the wrong field and the time to wait are told in Google’s details', () => {
  const error = new GatewayError('rate_limited', 'Slow down.', { param: 'contents', retryAfterSeconds: 9 });
  const { headers, body } = googleGenerate.renderError(error, 'r1');
  expect(headers).toEqual({ 'retry-after': '9' });
  expect((body.error as JsonObject).details).toEqual([
    { '@type': `${rpc}RequestInfo`, requestId: 'r1' },
    { '@type': `${rpc}BadRequest`, fieldViolations: [{ field: 'contents', description: 'Slow down.' }] },
    { '@type': `${rpc}RetryInfo`, retryDelay: '9s' },
  ]);
});

test('a complaint of another dialect is told in our words', () => {
  const complaint = { dialect: 'another', status: 400, body: { type: 'error' } };
  const error = new GatewayError('provider_rejected', 'Too many tools.', { complaint });
  expect(googleGenerate.renderError(error, 'r1').body.error).toMatchObject({ code: 400, message: 'Too many tools.' });
});
