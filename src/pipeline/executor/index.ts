import type { Model } from '../../../registry/schema.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Connection, endpointFor } from '../../providers/provider.ts';
import { callProvider, type OpenReply } from './call-provider.ts';
import type { EventSource } from './read-reply.ts';

export { type EventSource, replay } from './read-reply.ts';

interface ExecutorOptions {
  connect: (providerId: string) => Connection | undefined;
  timeoutMs: number;
  now: Clock;
}

export interface Candidate {
  model: Model;
  providerId: string;
  /** What the provider is asked for: the model's id, or an exact alias of it. */
  name: string;
}

export interface ExecutorQuestion {
  /** Best first. */
  candidates: readonly Candidate[];
  request: ChatRequest;
  /** Fires when the client leaves. */
  signal: AbortSignal;
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
export function createExecutor({ connect, timeoutMs, now }: ExecutorOptions) {
  /** Throws the last failure when no candidate answers, or the first one that no other candidate could mend. */
  async function run({ candidates, request, signal, onAttempt }: ExecutorQuestion): Promise<ProviderReply> {
    let failure = new GatewayError('no_candidate', 'There is no model to put this request to.');

    for (const candidate of candidates) {
      const { model, providerId } = candidate;
      const connection = connect(providerId);
      if (!connection) {
        failure = new GatewayError('no_provider', `There is no key for the provider "${providerId}".`);
        continue;
      }
      const wish = { clientDialect: request.original.dialect, servedThrough: model.dialects };
      const endpoint = endpointFor(connection.provider, wish);
      if (!endpoint) {
        failure = new GatewayError('unsupported', `The model "${model.id}" is not served in a dialect we can use.`);
        continue;
      }
      const startedAt = now();
      const seen: { status: number | null; headersMs: number | null } = { status: null, headersMs: null };
      let sentAt = performance.now();
      const onSent = (): void => {
        sentAt = performance.now();
      };
      const onHeaders = (status: number): void => {
        seen.status = status;
        seen.headersMs = now() - startedAt;
      };
      const report = (error: GatewayError | null): void => {
        const { isSimulated } = connection.provider;
        const waitedUs = (performance.now() - sentAt) * 1000;
        const durationMs = now() - startedAt;
        onAttempt({ providerId, model, isSimulated, startedAt, ...seen, durationMs, waitedUs, error });
      };

      let reply: OpenReply;
      try {
        reply = await callProvider({
          connection,
          endpoint,
          ...candidate,
          request,
          signal,
          timeoutMs,
          onSent,
          onHeaders,
        });
      } catch (thrown) {
        failure = toGatewayError(thrown);
        // Nothing was sent: the request cannot be said in this provider's dialect, but perhaps in the next one's.
        if (failure.code === 'unsupported') continue;
        report(failure);
        if (failure.isRetryable) continue;
        throw failure;
      }
      report(null);
      return { ...reply, dialect: endpoint.dialect, candidate, isSimulated: connection.provider.isSimulated };
    }
    throw failure;
  }

  return { run };
}
