/** What a code means to whoever called us: the HTTP status, and whether another model or a later try may do better. */
const CODES = {
  missing_key: { status: 401, retryable: false },
  invalid_key: { status: 401, retryable: false },
  key_expired: { status: 401, retryable: false },
  key_revoked: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  /** The key may use the gateway, but not this model. */
  model_not_allowed: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  /** Something that is under way already rules this out for now. */
  conflict: { status: 409, retryable: false },
  invalid_json: { status: 400, retryable: false },
  invalid_request: { status: 400, retryable: false },
  unsupported: { status: 400, retryable: false },
  body_too_large: { status: 413, retryable: false },
  unknown_model: { status: 404, retryable: false },
  no_provider: { status: 503, retryable: false },
  no_candidate: { status: 422, retryable: false },
  context_too_long: { status: 400, retryable: false },
  content_refused: { status: 400, retryable: false },
  rate_limited: { status: 429, retryable: false },
  budget_exceeded: { status: 402, retryable: false },
  client_closed: { status: 499, retryable: false },

  /** The provider says the request itself is wrong. Its complaint is passed on. */
  provider_rejected: { status: 400, retryable: false },
  /** The provider does not know the model; another candidate may be fine. */
  provider_model_missing: { status: 404, retryable: true },
  /** The provider refused *our* key or account. Its text can quote the key, so it goes no further than `cause`. */
  provider_auth: { status: 502, retryable: true },
  /** Out of credit or quota at the provider: waiting will not help, another provider will. */
  provider_quota: { status: 429, retryable: true },
  provider_rate_limited: { status: 429, retryable: true },
  provider_overloaded: { status: 503, retryable: true },
  provider_failed: { status: 502, retryable: true },
  provider_unreachable: { status: 502, retryable: true },
  provider_timeout: { status: 504, retryable: true },
  /** A reply that broke off or made no sense. */
  provider_garbled: { status: 502, retryable: true },

  internal: { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof CODES;

/** What a provider said of a request it rejected, so that a client of the same dialect can have its very words. */
export interface ProviderComplaint {
  dialect: string;
  status: number;
  body: unknown;
}

interface GatewayErrorOptions {
  cause?: unknown;
  /** The field of the request that is wrong, in the caller's spelling: `messages[0].content`. */
  param?: string;
  /** The numbers and names in the message, for whoever tells it in another language. */
  facts?: Readonly<Record<string, string | number>>;
  /** May be a part of a second. */
  retryAfterSeconds?: number;
  complaint?: ProviderComplaint;
}

/**
 * The one error of this program. `message` is a sentence for the caller and must never hold a secret; status and
 * retryability hang on the code. Anything else that is thrown is a bug and is shown to the caller as `internal`.
 */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly isRetryable: boolean;
  readonly param: string | undefined;
  readonly facts: GatewayErrorOptions['facts'];
  readonly retryAfterSeconds: number | undefined;
  readonly complaint: ProviderComplaint | undefined;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.status = options.complaint?.status ?? CODES[code].status;
    this.isRetryable = CODES[code].retryable;
    this.param = options.param;
    this.facts = options.facts;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.complaint = options.complaint;
  }
}

/** Any thrown value as a GatewayError. What was not one already is a bug: it becomes `internal` and says nothing. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('internal', 'The gateway failed to handle this request.', { cause: thrown });
}
