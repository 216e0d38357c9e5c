import { type ErrorCode, GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import { parseRetryAfter } from '../openai-common/retry-after.ts';
import { DIALECT } from './dialect-id.ts';
import { shallowJson } from './json-text.ts';

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

interface WireError {
  message: string;
  type: string;
  code: string;
  param: string | undefined;
}

/** Says what an error reply means. Its words are passed on only where they are about the request itself. */
export function parseError(status: number, body: unknown, headers: Headers): GatewayError {
  const error = readError(body);
  const retryAfterSeconds = parseRetryAfter(headers, body, error.message);
  const kind = classify(status, error, retryAfterSeconds !== undefined);
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (isOurFault(kind)) return new GatewayError(kind, SENTENCES[kind], { cause: body, ...wait });

  const message = error.message || 'The provider rejected the request.';
  const param = error.param === undefined ? {} : { param: error.param };
  const canBeWritten = shallowJson(body) !== undefined;
  const complaint = canBeWritten ? { complaint: { dialect: DIALECT, status, body } } : {};
  return new GatewayError(kind, message, { cause: body, ...complaint, ...param, ...wait });
}

/** Whether a body or chunk tells of an error: OpenAI's envelope, or the flat one of vLLM and Mistral. */
export function hasError(body: unknown): boolean {
  // Google's compatible endpoint wraps it in a list.
  const reply: unknown = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(reply)) return false;
  return (
    isJsonObject(reply.error) || (typeof reply.error === 'string' && reply.error !== '') || reply.object === 'error'
  );
}

/** An error that came with status 200, in a body or in the midst of a stream. */
export function parseReplyError(body: unknown): GatewayError {
  return parseError(impliedStatus(readError(body)), body, new Headers());
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

function impliedStatus({ code, type, message }: WireError): number {
  const number = Number(code);
  if (Number.isInteger(number) && number >= 400 && number <= 599) return number;
  const words = `${code} ${type}`.toLowerCase();
  if (/rate_limit|quota|too_many/.test(words)) return 429;
  if (/overloaded|unavailable/.test(words)) return 503;
  if (/authentication|api_key|unauthorized/.test(words)) return 401;
  if (/invalid_request|bad_?request|context_length/.test(words)) return 400;
  return CONTEXT.test(message.toLowerCase()) ? 400 : 500;
}

function readError(body: unknown): WireError {
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
