import { type ErrorCode, GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import { isShallow } from './json-text.ts';
import { parseRetryAfter } from './retry-after.ts';

const LONGEST_MESSAGE = 2000;

const BAD_KEY =
  /(incorrect|invalid|missing|no) (openai |xai )?api[ _-]?key|api[ _-]?key (is |was )?(not valid|invalid|missing|expired)/;
const CONTEXT =
  /context_length_exceeded|context (length|window|size)|maximum (context|prompt|input|sequence) length|prompt is too long|too many (input |prompt )?tokens|token count .{0,40}exceeds|reduce the length of the (messages|prompt|input)/;
const MODEL =
  /model_not_found|deploymentnotfound|model_decommissioned|invalid_model|unknown model|invalid model:|not a valid model|no endpoints found|(model|deployment)\b.{0,120}?\b(does not exist|not exist|not found|no longer available|decommissioned|has been deprecated|has been removed)/;
const QUOTA =
  /insufficient_quota|billing_not_active|billing_hard_limit|insufficient[ _](balance|credit|fund)|out of credit|credit balance|run out of|(spend|spending|usage) limit|exceeded your current quota/;
/** One request larger than a whole minute's allowance never fits. */
const NEVER_FITS = /request too large/;
const OVERLOADED = /overloaded|at capacity|capacity exceeded|no capacity/;
const MODERATED = /moderation|flagged|content[ _](policy|filter|violation)|usage guidelines/;

/** What is told of an error that is not about the request: the provider's own words can quote our key or account. */
const SENTENCES = {
  provider_auth: "The provider refused the gateway's key or account.",
  provider_quota: "The gateway's credit or quota at the provider is used up.",
  provider_rate_limited: 'The provider takes no more requests from the gateway for the moment.',
  provider_overloaded: 'The provider is overloaded.',
  provider_failed: 'The provider failed to answer.',
} satisfies Partial<Record<ErrorCode, string>>;

type OurFault = keyof typeof SENTENCES;
type Kind = OurFault | 'provider_rejected' | 'context_too_long' | 'provider_model_missing';

/** What an error says, wherever on the wire it says it; `''` for what it leaves out. */
export interface WireError {
  message: string;
  type: string;
  code: string;
  param: string | undefined;
}

/** Reads error replies of `dialect`. Their words are passed on only where they are about the request itself. */
export function createErrorParser(dialect: string) {
  return function parseError(status: number, body: unknown, headers: Headers): GatewayError {
    const error = readError(body);
    const retryAfterSeconds = parseRetryAfter(headers, body, error.message);
    const kind = classify(status, error, retryAfterSeconds !== undefined);
    const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    if (isOurFault(kind)) return new GatewayError(kind, SENTENCES[kind], { cause: body, ...wait });

    const message = error.message || 'The provider rejected the request.';
    const param = error.param === undefined ? {} : { param: error.param };
    // A body too deep to be written again is not passed on.
    const complaint = isShallow(body) ? { complaint: { dialect, status, body } } : {};
    return new GatewayError(kind, message, { cause: body, ...complaint, ...param, ...wait });
  };
}

/** Whether an error says that the request was longer than the model takes. */
export function isTooLong({ message }: WireError): boolean {
  return CONTEXT.test(message.toLowerCase());
}

function isOurFault(kind: Kind): kind is OurFault {
  return kind in SENTENCES;
}

function classify(status: number, error: WireError, canWait: boolean): Kind {
  const words = `${error.code} ${error.type} ${error.message}`.toLowerCase();
  if (status === 402) return 'provider_quota';
  if (status === 429 || (status === 413 && NEVER_FITS.test(words))) return classifyLimit(error, words, canWait);
  if (status === 401) return 'provider_auth';
  if (status === 403) return MODERATED.test(words) ? 'provider_rejected' : 'provider_auth';
  if (status === 404) return classifyMissing(error, words);
  if (status === 503 || status === 529) return 'provider_overloaded';
  if (status >= 500) return OVERLOADED.test(words) ? 'provider_overloaded' : 'provider_failed';
  // A timeout, a conflict or a wrong method is no fault of what the client wrote.
  if (status < 400 || [405, 407, 408, 409, 425].includes(status)) return 'provider_failed';
  if (BAD_KEY.test(words) || error.code === 'API_KEY_INVALID') return 'provider_auth';
  if (CONTEXT.test(words)) return 'context_too_long';
  if (QUOTA.test(words)) return 'provider_quota';
  return MODEL.test(words) ? 'provider_model_missing' : 'provider_rejected';
}

/** The code decides; the text of a mere rate limit speaks of billing too. */
function classifyLimit({ code, type }: WireError, words: string, canWait: boolean): Kind {
  if (NEVER_FITS.test(words)) return 'provider_quota';
  if (code === 'insufficient_quota' || type === 'insufficient_quota') return 'provider_quota';
  if (code === 'rate_limit_exceeded' || canWait) return 'provider_rate_limited';
  if (QUOTA.test(words)) return 'provider_quota';
  return 'provider_rate_limited';
}

/** Without a word on the model or from an API at all, a 404 says that we called a wrong address. */
function classifyMissing({ type, message }: WireError, words: string): Kind {
  if (MODEL.test(words)) return 'provider_model_missing';
  return type === 'invalid_request_error' && !/invalid url/i.test(message) ? 'provider_rejected' : 'provider_failed';
}

/** The fields of an error: in its envelope, flat as vLLM and Mistral send it, or in a list as Google's compatible endpoint does. */
export function readError(body: unknown): WireError {
  const reply: unknown = Array.isArray(body) ? body[0] : body;
  if (typeof reply === 'string') return { message: plainText(reply), type: '', code: '', param: undefined };
  if (!isJsonObject(reply)) return { message: '', type: '', code: '', param: undefined };
  const error = isJsonObject(reply.error) ? reply.error : reply;
  const message = [error.message, reply.error, error.detail, reply.message].find((value) => typeof value === 'string');
  return {
    message: text(message).slice(0, LONGEST_MESSAGE),
    type: text(error.type) || text(error.status),
    code: typeof error.code === 'number' ? String(error.code) : text(error.code),
    param: typeof error.param === 'string' ? error.param : undefined,
  };
}

/** A page of HTML, as proxies send, says nothing to a client. */
function plainText(body: string): string {
  return body.trimStart().startsWith('<') ? '' : body.trim().slice(0, LONGEST_MESSAGE);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
