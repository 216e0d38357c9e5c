import { type ErrorCode, GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { RenderedError } from '../dialect.ts';
import { isTooDeep } from '../too-deep.ts';
import { DIALECT_ID } from './wire.ts';

const MAX_RETRY_SECONDS = 3600;
/** Longer ones are nobody's, and would take long to be understood. */
const MAX_MESSAGE = 2000;
const RPC = 'type.googleapis.com/google.rpc.';

/**
 * What may be said of a refusal that is about our account or the provider's health; Google's own text can name the
 * project.
 */
const OUR_WORDS: Partial<Record<ErrorCode, string>> = {
  provider_auth: "The provider refused the gateway's key or account.",
  provider_quota: "The gateway's quota at the provider is used up.",
  provider_rate_limited: "The gateway has reached the provider's rate limit.",
  provider_overloaded: 'The provider is overloaded.',
  provider_failed: 'The provider failed to answer.',
};

/** Names of the canonical codes: https://cloud.google.com/apis/design/errors#handling_errors */
const STATUS_NAMES: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  413: 'INVALID_ARGUMENT',
  422: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

interface WireError {
  code: number;
  status: string;
  message: string;
  details: JsonObject[];
}

/**
 * Says what a refusal means. Google's statuses mislead: a bad key is a 400, a resource that is gone a 403, and a 429
 * may be a daily quota. https://ai.google.dev/gemini-api/docs/troubleshooting
 */
export function parseError(status: number, body: unknown, headers: Headers): GatewayError {
  const wire = findWireError(body) ?? { code: status, status: '', message: '', details: [] };
  const code = classify(status, wire);
  const retryAfterSeconds = findRetryDelay(wire, headers);
  const options = { cause: body, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };

  const ours = OUR_WORDS[code];
  if (ours !== undefined) return new GatewayError(code, ours, options);
  const complaint = { dialect: DIALECT_ID, status, body: isTooDeep(body) ? undefined : unwrap(body) };
  return new GatewayError(code, wire.message || 'The provider rejected the request.', { ...options, complaint });
}

export function renderError(error: GatewayError, requestId: string): RenderedError {
  const retry = error.retryAfterSeconds;
  const headers: Record<string, string> = retry === undefined ? {} : { 'retry-after': String(Math.ceil(retry)) };
  const { complaint } = error;
  // Without an envelope its words would not be found; they are in our message.
  if (complaint?.dialect === DIALECT_ID && isJsonObject(complaint.body) && isJsonObject(complaint.body.error)) {
    return { status: complaint.status, headers, body: complaint.body };
  }
  const details: JsonObject[] = [{ '@type': `${RPC}RequestInfo`, requestId }];
  if (error.param !== undefined) {
    const violation = { field: error.param, description: error.message };
    details.push({ '@type': `${RPC}BadRequest`, fieldViolations: [violation] });
  }
  if (retry !== undefined) details.push({ '@type': `${RPC}RetryInfo`, retryDelay: `${Number(retry.toFixed(3))}s` });
  const status = STATUS_NAMES[error.status] ?? (error.status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
  return {
    status: error.status,
    headers,
    body: { error: { code: error.status, message: error.message, status, details } },
  };
}

/** The error in a body, which on the streaming route may be wrapped in a list; null when the body is none. */
export function findWireError(body: unknown): WireError | null {
  const unwrapped = unwrap(body);
  if (!isJsonObject(unwrapped)) return null;
  const { error } = unwrapped;
  if (typeof error === 'string') return { code: 500, status: '', message: error.slice(0, MAX_MESSAGE), details: [] };
  if (!isJsonObject(error)) return null;
  const code = typeof error.code === 'string' ? Number(error.code) : error.code;
  return {
    code:
      typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 ? code : codeOf(error.status),
    status: typeof error.status === 'string' ? error.status : '',
    message: typeof error.message === 'string' ? error.message.slice(0, MAX_MESSAGE) : '',
    details: Array.isArray(error.details) ? error.details.filter(isJsonObject) : [],
  };
}

function unwrap(body: unknown): unknown {
  return Array.isArray(body) ? body.find((item) => isJsonObject(item) && 'error' in item) : body;
}

function codeOf(statusName: unknown): number {
  const found = Object.entries(STATUS_NAMES).find(([, name]) => name === statusName);
  return found ? Number(found[0]) : 500;
}

function classify(status: number, wire: WireError): ErrorCode {
  const { message } = wire;
  if (wire.details.some(({ reason }) => typeof reason === 'string' && isAccountReason(reason))) return 'provider_auth';
  switch (status) {
    case 400:
      if (/API key (not valid|expired|not found)|User location is not supported|enable billing/i.test(message)) {
        return 'provider_auth';
      }
      if (/token count.*exceed|exceeds? the maximum number of tokens|context (length|window)/i.test(message)) {
        return 'context_too_long';
      }
      return /unexpected model name|model.*is not (found|supported for)/i.test(message)
        ? 'provider_model_missing'
        : 'provider_rejected';
    case 401:
      return 'provider_auth';
    case 402:
      return 'provider_quota';
    case 403:
      // Files and caches belong to the client's conversation, not to our account.
      return /cached ?content|access the file/i.test(message) ? 'provider_rejected' : 'provider_auth';
    case 404:
      return /cached? ?content|\bfiles?\b/i.test(message) ? 'provider_rejected' : 'provider_model_missing';
    case 429:
      return isUsedUp(wire) ? 'provider_quota' : 'provider_rate_limited';
    case 503:
    case 529:
      return 'provider_overloaded';
    default:
      return isComplaint(status) ? 'provider_rejected' : 'provider_failed';
  }
}

/** https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto */
function isAccountReason(reason: string): boolean {
  return /^(API_KEY_|SERVICE_|BILLING_|CONSUMER_|IAM_|ACCESS_TOKEN_|CREDENTIALS_|ACCOUNT_)/.test(reason);
}

/** 405, 408 and 499 say that something went wrong between us and the provider; the other 4xx blame the request. */
function isComplaint(status: number): boolean {
  return status >= 400 && status < 500 && status !== 405 && status !== 408 && status !== 499;
}

/** A daily quota, one of zero (a model outside our plan), or money gone: waiting the minute will not help. */
function isUsedUp({ message, details }: WireError): boolean {
  if (/limit: 0\b(?!\.)|credits? (are|is|has been|have been)? ?(depleted|exhausted)|spending cap/i.test(message))
    return true;
  const violations = details.flatMap((detail) => (Array.isArray(detail.violations) ? detail.violations : []));
  return violations.filter(isJsonObject).some(({ quotaId, quotaValue }) => {
    return (typeof quotaId === 'string' && /PerDay/i.test(quotaId)) || quotaValue === '0' || quotaValue === 0;
  });
}

function findRetryDelay({ message, details }: WireError, headers: Headers): number | undefined {
  const delay = details.find((detail) => detail.retryDelay !== undefined)?.retryDelay;
  const seconds =
    readSeconds(headers.get('retry-after')) ??
    readSeconds(delay) ??
    readSeconds(/retry in ([\d.]+)s/i.exec(message)?.[1]);
  return seconds === undefined ? undefined : Math.min(Math.ceil(seconds), MAX_RETRY_SECONDS);
}

/** `48s`, `48.9s`, `48` or `{"seconds": 48}`. */
function readSeconds(value: unknown): number | undefined {
  const bare = isJsonObject(value) ? value.seconds : value;
  if (typeof bare !== 'string' && typeof bare !== 'number') return undefined;
  const match = /^(\d+(?:\.\d+)?)s?$/.exec(String(bare).trim());
  return match ? Number(match[1]) : undefined;
}
