import type { JsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply } from '../call.ts';
import { randomId } from '../ids.ts';
import type { Directives } from '../script/directives.ts';

interface Complaint {
  message: string;
  type?: string;
  param?: string | null;
  code?: string | null;
}

/** https://platform.openai.com/docs/guides/error-codes */
export function openAiError(status: number, complaint: Complaint, headers: Record<string, string> = {}): Reply {
  return jsonReply({ error: errorBody(complaint) }, { status, headers: { ...openAiHeaders(), ...headers } });
}

/** A request that breaks a rule of the API. */
export function invalidRequest(message: string, param: string | null, code: string | null = null): Reply {
  return openAiError(400, { message, param, code });
}

export function missingParameter(param: string): Reply {
  return invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

/** What a `server_error` looks like where a chunk of a stream should be. */
export const SERVER_ERROR: JsonObject = errorBody({
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
});

/** The headers of every reply. */
export function openAiHeaders(): Record<string, string> {
  return {
    'openai-version': '2020-10-01',
    'openai-processing-ms': '12',
    'x-request-id': randomId('req_', 32).toLowerCase(),
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-limit-tokens': '2000000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-remaining-tokens': '1999000',
    'x-ratelimit-reset-requests': '6ms',
    'x-ratelimit-reset-tokens': '30ms',
  };
}

/** The refusal a directive asks for. OpenAI has no 529; it says 503 when it is overloaded. */
export function directedError(
  { kind, retryAfterSeconds }: NonNullable<Directives['error']>,
  call: Call,
  model: string,
): Reply {
  if (kind === 'quota')
    return openAiError(429, { message: QUOTA, type: 'insufficient_quota', code: 'insufficient_quota' });
  if (kind === 'context') {
    const message = 'Your input exceeds the context window of this model. Please adjust your input and try again.';
    return invalidRequest(message, call.path === '/responses' ? 'input' : 'messages', 'context_length_exceeded');
  }
  const status = kind === 529 ? 503 : kind;
  if (status === 429) return rateLimited(model, retryAfterSeconds);
  return openAiError(status, complaintOf(status, call, model));
}

const QUOTA =
  'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
  'read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.';

function complaintOf(status: number, call: Call, model: string): Complaint {
  switch (status) {
    case 401:
      return {
        message: `Incorrect API key provided: ${maskKey(call)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        code: 'invalid_api_key',
      };
    case 403:
      return {
        message: `Project does not have access to model \`${model}\``,
        code: 'model_not_found',
      };
    case 404:
      return {
        message: `The model \`${model}\` does not exist or you do not have access to it.`,
        code: 'model_not_found',
      };
    case 413:
      return { message: 'Request body is too large.', code: 'request_too_large' };
    case 503:
      return { message: 'The engine is currently overloaded, please try again later.', type: 'server_error' };
    default:
      return status >= 500
        ? {
            message: 'The server had an error processing your request. Sorry about that! You can retry your request.',
            type: 'server_error',
          }
        : { message: 'Your request was malformed or missing some required parameters.' };
  }
}

function rateLimited(model: string, retryAfterSeconds: number): Reply {
  const message =
    `Rate limit reached for ${model} in organization org-simulated on tokens per min (TPM): Limit 30000, Used 29500, ` +
    `Requested 1000. Please try again in ${retryAfterSeconds}s. Visit https://platform.openai.com/account/rate-limits to learn more.`;
  return openAiError(
    429,
    { message, type: 'tokens', code: 'rate_limit_exceeded' },
    {
      'retry-after': `${retryAfterSeconds}`,
      'retry-after-ms': `${retryAfterSeconds * 1000}`,
      'x-ratelimit-limit-tokens': '30000',
      'x-ratelimit-remaining-tokens': '500',
      'x-ratelimit-reset-tokens': `${retryAfterSeconds}s`,
    },
  );
}

/** OpenAI quotes the key it refuses, partly masked: a gateway must not pass that on. */
function maskKey({ headers }: Call): string {
  const key = headers.get('authorization')?.replace(/^Bearer +/i, '') ?? '';
  return `${key.slice(0, 8)}*****${key.slice(-4)}`;
}

function errorBody({ message, type = 'invalid_request_error', param = null, code = null }: Complaint): JsonObject {
  return { message, type, param, code };
}
