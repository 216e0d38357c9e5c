import { describe, expect, test } from 'bun:test';
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { parseError as parseChatError } from '../openai-chat/parse-error.ts';
import { renderError as renderChatError } from '../openai-chat/render-error.ts';
import { parseError as parseResponsesError } from '../openai-responses/parse-error.ts';
import { renderError as renderResponsesError } from '../openai-responses/render-error.ts';

const NONE = new Headers();

const said = (message: string, code: string | number | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});

/** `missing` is the status for a model nobody knows. */
const DIALECTS = [
  { name: 'Chat Completions', parseError: parseChatError, renderError: renderChatError, missing: 404 },
  { name: 'Responses', parseError: parseResponsesError, renderError: renderResponsesError, missing: 400 },
];

describe.each(DIALECTS)('$name', ({ parseError, renderError, missing }) => {
  describe('what a provider says', () => {
    test.each<[string, number, unknown]>([
      [
        'provider_rejected',
        400,
        said("Unsupported value: 'temperature' is not supported with this model.", 'unsupported_value'),
      ],
      [
        'provider_rejected',
        400,
        said('max_tokens is too large: 99999. This model supports at most 4096 completion tokens.'),
      ],
      ['provider_rejected', 422, { detail: 'field required' }],
      ['provider_rejected', 413, '<html>Too large</html>'],
      ['provider_rejected', 403, said('Your input was flagged by moderation.', 403)],
      ['context_too_long', 400, said("This model's maximum context length is 8192 tokens.", 'context_length_exceeded')],
      ['provider_model_missing', 404, said('The model `gpt-0` does not exist', 'model_not_found')],
      ['provider_model_missing', 404, { error: "model 'llama3.9' not found" }],
      [
        'provider_model_missing',
        404,
        said('The API deployment for this resource does not exist.', 'DeploymentNotFound'),
      ],
      ['provider_model_missing', 400, said('gpt-0 is not a valid model ID', 400)],
      ['provider_failed', 404, '404 page not found'],
      ['provider_failed', 404, said('Invalid URL (POST /v1/chat)')],
      ['provider_auth', 401, said('Incorrect API key provided: sk-1', 'invalid_api_key')],
      ['provider_auth', 401, { error: { code: '401', message: 'Access denied' } }],
      ['provider_auth', 400, { code: 'Client error', error: 'Incorrect API key provided: xa***' }],
      ['provider_auth', 403, said('Country not supported', 'unsupported_country_region_territory')],
      ['provider_quota', 402, said('Insufficient Balance')],
      ['provider_quota', 429, said('You exceeded your current quota', 'insufficient_quota', 'insufficient_quota')],
      [
        'provider_quota',
        429,
        said('Request too large for gpt-x on tokens per min (TPM)', 'rate_limit_exceeded', 'tokens'),
      ],
      [
        'provider_quota',
        413,
        said('Request too large for model on tokens per minute (TPM)', 'rate_limit_exceeded', 'tokens'),
      ],
      [
        'provider_rate_limited',
        429,
        said('Rate limit reached. Visit the billing page.', 'rate_limit_exceeded', 'requests'),
      ],
      ['provider_rate_limited', 429, ''],
      ['provider_overloaded', 503, null],
      ['provider_overloaded', 500, said('The engine is currently overloaded', null, 'server_error')],
      ['provider_failed', 500, said('The server had an error', null, 'server_error')],
      ['provider_failed', 302, undefined],
      ['provider_failed', 408, 'timeout'],
    ])('means %s at %i: %j', (code, status, body) => {
      expect<string>(parseError(status, body, NONE).code).toBe(code);
    });

    test('is passed on word for word where it is about the request', () => {
      const body = said('Invalid image.', 'invalid_image');
      const error = parseError(422, body, NONE);
      expect(error.message).toBe('Invalid image.');
      expect(renderError(error)).toEqual({ status: 422, headers: {}, body });
    });

    test('is kept back where it is about our key or account', () => {
      for (const status of [401, 402, 403, 429, 500, 503]) {
        const error = parseError(status, said('key sk-secret of org-secret'), NONE);
        expect(error.complaint).toBeUndefined();
        expect(JSON.stringify([error.message, renderError(error)])).not.toContain('secret');
      }
    });

    test('is not passed on where it is a page of HTML', () => {
      const { body } = renderError(parseError(400, '<html>Bad Request</html>', NONE));
      expect(body.error).toMatchObject({ message: 'The provider rejected the request.' });
    });
  });

  test.each<[number | undefined, Record<string, string>, unknown]>([
    [1, { 'retry-after-ms': '174', 'retry-after': '3' }, null],
    [3, { 'retry-after': '3' }, null],
    [3600, { 'retry-after': '999999' }, null],
    [60, { 'retry-after': 'Wed, 21 Oct 2026 07:29:00 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, null],
    [48, {}, [{ error: { code: 429, details: [{ retryDelay: '48s' }] } }]],
    [1, {}, said('Please try again in 348ms.')],
    [90, {}, said('Please try again in 1m30s.')],
    [undefined, { 'retry-after': 'soon' }, said('Try again later.')],
    [undefined, { 'retry-after': '-5' }, null],
  ])('the wait is %p seconds by %j and %j', (seconds, headers, body) => {
    expect(parseError(429, body, new Headers(headers)).retryAfterSeconds).toBe(seconds);
  });

  describe('what the client is told', () => {
    const codes: Record<ErrorCode, [status: number, type: string, code: string | null]> = {
      missing_key: [401, 'invalid_request_error', 'invalid_api_key'],
      invalid_key: [401, 'invalid_request_error', 'invalid_api_key'],
      key_expired: [401, 'invalid_request_error', 'invalid_api_key'],
      key_revoked: [401, 'invalid_request_error', 'invalid_api_key'],
      model_not_allowed: [403, 'invalid_request_error', 'model_not_found'],
      forbidden: [403, 'invalid_request_error', 'insufficient_permissions'],
      not_found: [404, 'invalid_request_error', 'unknown_url'],
      method_not_allowed: [405, 'invalid_request_error', 'method_not_supported'],
      conflict: [409, 'invalid_request_error', 'conflict'],
      invalid_json: [400, 'invalid_request_error', 'invalid_json'],
      invalid_request: [400, 'invalid_request_error', 'invalid_value'],
      unsupported: [400, 'invalid_request_error', 'unsupported_value'],
      body_too_large: [413, 'invalid_request_error', 'request_too_large'],
      unknown_model: [missing, 'invalid_request_error', 'model_not_found'],
      no_provider: [503, 'server_error', 'no_provider'],
      no_candidate: [422, 'invalid_request_error', 'no_candidate'],
      context_too_long: [400, 'invalid_request_error', 'context_length_exceeded'],
      content_refused: [400, 'invalid_request_error', 'content_policy_violation'],
      rate_limited: [429, 'requests', 'rate_limit_exceeded'],
      budget_exceeded: [402, 'insufficient_quota', 'insufficient_quota'],
      client_closed: [499, 'invalid_request_error', 'client_closed'],
      provider_rejected: [400, 'invalid_request_error', null],
      provider_model_missing: [missing, 'invalid_request_error', 'model_not_found'],
      provider_auth: [502, 'server_error', 'provider_auth'],
      provider_quota: [429, 'insufficient_quota', 'insufficient_quota'],
      provider_rate_limited: [429, 'requests', 'rate_limit_exceeded'],
      provider_overloaded: [503, 'server_error', 'provider_overloaded'],
      provider_failed: [502, 'server_error', 'provider_failed'],
      provider_unreachable: [502, 'server_error', 'provider_unreachable'],
      provider_timeout: [504, 'server_error', 'provider_timeout'],
      provider_garbled: [502, 'server_error', 'provider_garbled'],
      internal: [500, 'server_error', 'internal_error'],
    };

    test.each(Object.entries(codes))('of %s is in its envelope', (name, [status, type, code]) => {
      const error = new GatewayError(name as ErrorCode, 'It went wrong.', { param: 'model', retryAfterSeconds: 1.2 });
      expect(renderError(error)).toEqual({
        status,
        // Nobody's SDK should try a spent budget again.
        headers:
          name === 'budget_exceeded' ? { 'x-should-retry': 'false' } : { 'retry-after': '2', 'retry-after-ms': '1200' },
        body: { error: { message: 'It went wrong.', type, param: 'model', code } },
      });
    });

    test("of another dialect's complaint is in our envelope", () => {
      const complaint = { dialect: 'another', status: 413, body: { odd: true } };
      const error = new GatewayError('provider_rejected', 'Too long.', { complaint });
      expect(renderError(error)).toEqual({
        status: 413,
        headers: {},
        body: { error: { message: 'Too long.', type: 'invalid_request_error', param: null, code: null } },
      });
    });
  });
});
