import type { Dialect } from '../../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { CallOutcome } from '../../providers/health.ts';
import type { Connection, Provider } from '../../providers/provider.ts';
import { callJson, type JsonReply } from './call-json.ts';
import { type Attempt, type Candidate, failureOf, type Permit } from './index.ts';

interface CallerOptions {
  connect: (providerId: string) => Connection | undefined;
  timeoutMs: number;
  now: Clock;
  /** Told of every call with the key it was made with. */
  onOutcome?: ((outcome: CallOutcome) => void) | undefined;
}

/** What to send to one candidate, and how to read what comes back. */
export interface Plan<T> {
  /** Made one after the other; at least one. */
  calls: { path: string; body: JsonObject }[];
  /** Of the client, for a provider of its own dialect. */
  headers: Record<string, string>;
  parseError: Dialect['parseError'];
  /** Throws `provider_garbled` for replies that make no sense. */
  read(replies: JsonReply[]): T;
}

export interface CallerQuestion<T> {
  /** Best first. */
  candidates: readonly Candidate[];
  /** Throws `unsupported` where a candidate cannot be asked for this. */
  plan: (candidate: Candidate, provider: Provider) => Plan<T>;
  /** Fires when the client leaves. */
  signal: AbortSignal;
  permit: Permit;
  /** Told of every candidate that was called. Several calls to one are one attempt. */
  onAttempt: (attempt: Attempt) => void;
}

export interface CallerReply<T> {
  answer: T;
  candidate: Candidate;
  isSimulated: boolean;
}

export type Caller = ReturnType<typeof createCaller>;

/** The executor's sibling for what is no chat: one body there, one body back. */
export function createCaller({ connect, timeoutMs, now, onOutcome }: CallerOptions) {
  /** Throws the last failure when no candidate answers, or the first one that no other candidate could mend. */
  async function run<T>(question: CallerQuestion<T>): Promise<CallerReply<T>> {
    let failure = new GatewayError('no_candidate', 'There is no model to put this request to.');
    let refusal: GatewayError | undefined;
    for (const candidate of question.candidates) {
      const connection = connect(candidate.providerId);
      const isRefused = connection ? question.permit(candidate, connection.provider.isSimulated) : null;
      if (isRefused) {
        refusal ??= isRefused;
        continue;
      }
      const outcome = await attempt(connection, candidate, question);
      if (!(outcome instanceof GatewayError)) return outcome;
      failure = outcome;
      if (!failure.isRetryable && failure.code !== 'unsupported' && failure.code !== 'no_provider') throw failure;
    }
    throw refusal && !failure.isRetryable ? refusal : failure;
  }

  async function attempt<T>(
    connection: Connection | undefined,
    candidate: Candidate,
    { plan, signal, onAttempt }: CallerQuestion<T>,
  ): Promise<CallerReply<T> | GatewayError> {
    if (!connection) {
      return new GatewayError('no_provider', `There is no key for the provider "${candidate.providerId}".`);
    }
    const { provider } = connection;
    const { isSimulated } = provider;
    const startedAt = now();
    const seen: Pick<Attempt, 'status' | 'headersMs'> = { status: null, headersMs: null };
    let sentAt = performance.now();
    let repliedAt: number | null = null;
    let headers: Headers | null = null;
    const report = (error: GatewayError | null): void => {
      const waitedUs = ((repliedAt ?? performance.now()) - sentAt) * 1000;
      const told = { isSimulated, ...seen, durationMs: now() - startedAt };
      onAttempt({ ...candidate, ...told, startedAt, waitedUs, error });
      onOutcome?.({ ...told, providerId: candidate.providerId, keyId: connection.keyId, headers, ...failureOf(error) });
    };
    const onHeaders = (status: number, given: Headers): void => {
      headers = given;
      seen.status = status;
      seen.headersMs ??= now() - startedAt;
    };

    try {
      const { calls, headers: sent, parseError, read } = plan(candidate, provider);
      sentAt = performance.now();
      const replies: JsonReply[] = [];
      for (const call of calls) {
        replies.push(await callJson({ ...call, connection, headers: sent, parseError, signal, timeoutMs, onHeaders }));
      }
      repliedAt = performance.now();
      const answer = read(replies);
      report(null);
      return { answer, candidate, isSimulated };
    } catch (thrown) {
      const failure = toGatewayError(thrown);
      if (failure.code !== 'unsupported') report(failure);
      return failure;
    }
  }

  return { run };
}
