import type { JsonObject } from '../../../lib/json.ts';
import { jsonReply, type Reply } from '../call.ts';
import type { Directives } from '../script/directives.ts';

const STATUSES = new Map([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [409, 'ABORTED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);
const HEADERS = { 'content-type': 'application/json; charset=UTF-8' };

/** https://ai.google.dev/gemini-api/docs/troubleshooting */
export function googleError(code: number, message: string, details: JsonObject[] = []): Reply {
  return jsonReply({ error: errorBody(code, message, details) }, { status: code, headers: HEADERS });
}

export function invalidArgument(message: string): Reply {
  return googleError(400, message);
}

/** `at` is where in the request, in Google's spelling; empty = at its top. */
export function unknownField(name: string, at = ''): Reply {
  const description = `Invalid JSON payload received. Unknown name "${name}"${at && ` at '${at}'`}: Cannot find field.`;
  const violation = { ...(at && { field: at }), description };
  return googleError(400, description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [violation] },
  ]);
}

export function unknownModel(model: string, method: string): Reply {
  const message =
    `models/${model} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of ` +
    'available models and their supported methods.';
  return googleError(404, message);
}

/** What stands in a stream where it fails. */
export const UNAVAILABLE: JsonObject = errorBody(503, 'The model is overloaded. Please try again later.', []);

/** The refusal a directive asks for. The wait is told in the body, never in a header, and there is no 529. */
export function directedError({ kind, retryAfterSeconds }: NonNullable<Directives['error']>, model: string): Reply {
  if (kind === 'quota')
    return googleError(429, QUOTA, quotaDetails(model, 'GenerateRequestsPerDayPerProjectPerModel-FreeTier'));
  if (kind === 'context') {
    return invalidArgument('The input token count (1250000) exceeds the maximum number of tokens allowed (1048576).');
  }
  switch (kind) {
    case 400:
      return invalidArgument('Request contains an invalid argument.');
    case 401:
      return googleError(
        401,
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      );
    case 403:
      return googleError(403, 'The caller does not have permission');
    case 404:
      return unknownModel(model, 'generateContent');
    case 413:
      return googleError(413, 'Request payload size exceeds the limit: 20971520 bytes.');
    case 429:
      return googleError(429, QUOTA, [
        ...quotaDetails(model, 'GenerateContentPaidTierInputTokensPerModelPerMinute'),
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` },
      ]);
    case 503:
    case 529:
      return jsonReply({ error: UNAVAILABLE }, { status: 503, headers: HEADERS });
    default:
      return googleError(
        kind,
        kind >= 500 ? 'An internal error has occurred. Please retry.' : 'The request is invalid.',
      );
  }
}

const QUOTA =
  'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ' +
  'https://ai.google.dev/gemini-api/docs/rate-limits.';

function quotaDetails(model: string, quotaId: string): JsonObject[] {
  const quotaMetric = 'generativelanguage.googleapis.com/generate_content_paid_tier_input_token_count';
  return [
    {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [
        { description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' },
      ],
    },
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [{ quotaMetric, quotaId, quotaDimensions: { model, location: 'global' }, quotaValue: '1000000' }],
    },
  ];
}

function errorBody(code: number, message: string, details: JsonObject[]): JsonObject {
  const status = STATUSES.get(code) ?? (code >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
  return { code, message, status, ...(details.length > 0 ? { details } : {}) };
}
