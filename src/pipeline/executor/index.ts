import type { Model } from '../../../registry/schema.ts';
import type { Expectation } from '../../chat/expectation.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { CallOutcome } from '../../providers/health.ts';
import { type Connection, type Endpoint, endpointFor } from '../../providers/provider.ts';
import { callProvider } from './call-provider.ts';
import type { EventSource } from './read-reply.ts';

export { type EventSource, replay } from './read-reply.ts';

interface ExecutorOptions {
  connect: (providerId: string) => Connection | undefined;
  timeoutMs: number;
  now: Clock;
  /** Told of every call with the key it was made with. */
  onOutcome?: ((outcome: CallOutcome) => void) | undefined;
}

export interface Candidate {
  model: Model;
  providerId: string;
  /** What the provider is asked for: the model's id, or an exact alias of it. */
  name: string;
  expected: Expectation;
}

/** Asked before a candidate is: why it may not be, or null. */
export type Permit = (candidate: Candidate, isSimulated: boolean) => GatewayError | null;

export interface ExecutorQuestion {
  /** Best first. */
  candidates: readonly Candidate[];
  request: ChatRequest;
  /** Fires when the client leaves. */
  signal: AbortSignal;
  permit: Permit;
  /** Told of every attempt that failed, and of the one that did not once its reply is open. */
  onAttempt: (attempt: Attempt) => void;
}

/** One call to a provider. */
export interface Attempt {
  providerId: string;
  model: Model;
  isSimulated: boolean;
  startedAt: number;
  /** Until the reply's headers; null when none came. */
  headersMs: number | null;
  /** Until it failed, or until its first content. */
  durationMs: number;
  /** From the moment the request was sent until the same moment as `durationMs`, on a finer clock: not our time. */
  waitedUs: number;
  /** The provider's status; null when there was no reply. */
  status: number | null;
  error: GatewayError | null;
}

/** A reply whose first content is here. After this it never throws; it ends in `finish` or `error`. */
export interface ProviderReply {
  source: EventSource;
  dialect: Dialect;
  /** Whether its `raw` messages are frames of a stream, or one body. */
  isStream: boolean;
  candidate: Candidate;
  isSimulated: boolean;
  dropped: string[];
}

export type Executor = ReturnType<typeof createExecutor>;

/** Puts a request to the best candidate that answers. */
export function createExecutor({ connect, timeoutMs, now, onOutcome }: ExecutorOptions) {
  /** Throws the last failure when no candidate answers, or the first one that no other candidate could mend. */
  async function run(question: ExecutorQuestion): Promise<ProviderReply> {
    let failure: GatewayError | undefined;
    let refusal: GatewayError | undefined;
    let isFromProvider = false;
    for (const candidate of question.candidates) {
      const way = findWay(candidate, question.request);
      const isRefused = way instanceof GatewayError ? null : permitted(way, candidate, question);
      if (isRefused) {
        refusal ??= isRefused;
        continue;
      }
      const outcome = way instanceof GatewayError ? way : await attemptWithKeys(way, candidate, question);
      if (!(outcome instanceof GatewayError)) return outcome;
      // What was not even sent, because it cannot be said in this provider's dialect, may be said in the next one's; and a
      // failure of somebody who was asked says more than that somebody else could not be.
      const wasAsked = outcome.code !== 'unsupported' && outcome.code !== 'no_provider';
      if (wasAsked && !outcome.isRetryable) throw outcome;
      if (wasAsked || !isFromProvider) failure = outcome;
      isFromProvider ||= wasAsked;
    }
    // What a provider said comes first; else that we may not ask says more than that somebody else could not be asked.
    if (refusal && !isFromProvider) throw refusal;
    throw failure ?? new GatewayError('no_candidate', 'There is no model to put this request to.');
  }

  function permitted({ connection }: Way, candidate: Candidate, { permit }: ExecutorQuestion): GatewayError | null {
    return permit(candidate, connection.provider.isSimulated);
  }

  /** With which key and in which dialect to call a candidate, or why it cannot be called. */
  function findWay({ model, providerId }: Candidate, request: ChatRequest): Way | GatewayError {
    const connection = connect(providerId);
    if (!connection) return new GatewayError('no_provider', `There is no key for the provider "${providerId}".`);

    const { bound = [], original } = request;
    const wish = { clientDialect: original.dialect, servedThrough: model.dialects };
    const endpoint = endpointFor(connection.provider, wish);
    if (!endpoint) {
      return new GatewayError('unsupported', `The model "${model.id}" is not served in a dialect the gateway uses.`);
    }
    const [param] = bound;
    if (param !== undefined && endpoint.dialect.id !== original.dialect) {
      return new GatewayError('unsupported', `The model "${model.id}" cannot honour ${bound.join(', ')}.`, { param });
    }
    return { connection, endpoint };
  }

  /** A key that is refused, or has had enough, gives way to the provider's next one, each asked once. */
  async function attemptWithKeys(
    way: Way,
    candidate: Candidate,
    question: ExecutorQuestion,
  ): Promise<ProviderReply | GatewayError> {
    const asked = new Set<string>();
    let next = way;
    for (;;) {
      asked.add(next.connection.keyId);
      const outcome = await attempt(next, candidate, question);
      if (!(outcome instanceof GatewayError) || !isOfKey(outcome) || question.signal.aborted) return outcome;
      const other = findWay(candidate, question.request);
      if (other instanceof GatewayError || asked.has(other.connection.keyId)) return outcome;
      next = other;
    }
  }

  async function attempt(
    { connection, endpoint }: Way,
    candidate: Candidate,
    { request, signal, onAttempt }: ExecutorQuestion,
  ): Promise<ProviderReply | GatewayError> {
    const { isSimulated } = connection.provider;
    const startedAt = now();
    const seen: Pick<Attempt, 'status' | 'headersMs'> = { status: null, headersMs: null };
    let sentAt = performance.now();
    let headers: Headers | null = null;
    const report = (error: GatewayError | null): void => {
      const waitedUs = (performance.now() - sentAt) * 1000;
      const { providerId, model } = candidate;
      const { status, headersMs } = seen;
      const durationMs = now() - startedAt;
      onAttempt({ providerId, model, isSimulated, startedAt, headersMs, durationMs, waitedUs, status, error });
      const { keyId } = connection;
      const { errorCode, retryAfterSeconds } = failureOf(error);
      const outcome = { providerId, modelId: model.id, keyId, isSimulated, status, headers, headersMs, durationMs };
      onOutcome?.({ ...outcome, errorCode, retryAfterSeconds });
    };

    try {
      const reply = await callProvider({
        model: candidate.model,
        name: candidate.name,
        connection,
        endpoint,
        request,
        signal,
        timeoutMs,
        onSent: () => {
          sentAt = performance.now();
        },
        onHeaders: (status, given) => {
          headers = given;
          seen.status = status;
          seen.headersMs = now() - startedAt;
        },
      });
      report(null);
      const { source, isStream, dropped } = reply;
      return { source, isStream, dropped, dialect: endpoint.dialect, candidate, isSimulated };
    } catch (thrown) {
      const failure = toGatewayError(thrown);
      if (failure.code !== 'unsupported') report(failure);
      return failure;
    }
  }

  return { run };
}

/** What another key of the same provider may mend. */
function isOfKey({ code }: GatewayError): boolean {
  return code === 'provider_auth' || code === 'provider_quota' || code === 'provider_rate_limited';
}

/** What whoever watches the providers is told of a failure. */
export function failureOf(error: GatewayError | null): Pick<CallOutcome, 'errorCode' | 'retryAfterSeconds'> {
  return { errorCode: error?.code ?? null, retryAfterSeconds: error?.retryAfterSeconds };
}

interface Way {
  connection: Connection;
  endpoint: Endpoint;
}
