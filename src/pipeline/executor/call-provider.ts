import type { Model } from '../../../registry/schema.ts';
import type { ChatEvent } from '../../chat/event.ts';
import { isContent } from '../../chat/event.ts';
import type { ChatRequest, ReasoningEffort } from '../../chat/request.ts';
import type { Target } from '../../dialects/dialect.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, tryParseJson } from '../../lib/json.ts';
import { readText } from '../../lib/read-text.ts';
import type { Connection, Endpoint } from '../../providers/provider.ts';
import { type EventSource, type Hear, readBody, readStream, replay } from './read-reply.ts';
import { createSilence } from './silence.ts';

const MAX_ERROR_BYTES = 1024 * 1024;
/** Keep-alives before the first content; more is a stream that never begins. */
const MAX_HELD = 10_000;

export interface ProviderCall {
  connection: Connection;
  endpoint: Endpoint;
  model: Model;
  /** What the provider knows the model by. */
  name: string;
  request: ChatRequest;
  /** Fires when the client leaves. */
  signal: AbortSignal;
  /** How long the provider may stay silent. */
  timeoutMs: number;
  /** Told once, when the request is on its way. */
  onSent: () => void;
  /** Told once, when the reply's headers are here. */
  onHeaders: (status: number, headers: Headers) => void;
}

export interface OpenReply {
  /** Starts with what was held back until the first content. */
  source: EventSource;
  isStream: boolean;
  /** Names of what the provider's dialect could not be told. */
  dropped: string[];
}

/** Calls one provider and waits for the first content. Throws GatewayError for whatever goes wrong before that. */
export async function callProvider(call: ProviderCall): Promise<OpenReply> {
  const { connection, endpoint, request, signal, timeoutMs } = call;
  const { dialect } = endpoint;
  const { provider } = connection;
  const { body, dropped } = renderBody(call);

  const leave = new AbortController();
  const silence = createSilence(timeoutMs, () => leave.abort());
  const cancel = (): void => {
    silence.stop();
    leave.abort();
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  const hear: Hear = (work) => {
    silence.begin();
    return work.then(
      (heard) => {
        silence.end();
        return heard;
      },
      (thrown: unknown) => {
        silence.end();
        throw explainFailure(thrown, { call, isSilent: silence.wasTooLong() });
      },
    );
  };

  try {
    const text = JSON.stringify(body);
    call.onSent();
    const answer = fetch(`${provider.baseUrl}${endpoint.path(call.name, request.stream)}`, {
      method: 'POST',
      headers: {
        ...provider.headers(connection.apiKey.reveal()),
        ...passedHeaders(call),
        'content-type': 'application/json',
        accept: request.stream ? 'text/event-stream' : 'application/json',
      },
      body: text,
      signal: leave.signal,
      // A provider that redirects could send our key elsewhere.
      redirect: 'manual',
      timeout: false,
    });
    const response = await hear(answer);
    call.onHeaders(response.status, response.headers);
    if (!response.ok) throw await readError(call, { response, hear });

    if (!isStream(response, request)) {
      const events = await readBody(dialect, response, hear);
      silence.stop();
      const failure = events.find((event) => event.type === 'error');
      if (failure?.type === 'error') throw failure.error;
      return { source: replay(events), isStream: false, dropped };
    }
    const stream = readStream({ dialect, response, hear, cancel, onEnd: silence.stop });
    return { source: await holdBack(stream), isStream: true, dropped };
  } catch (thrown) {
    cancel();
    throw thrown;
  }
}

function renderBody({ connection, endpoint, model, name, request }: ProviderCall) {
  const { provider } = connection;
  const { dialect } = endpoint;
  const target: Target = {
    model: name,
    stream: request.stream,
    maxOutputTokens: model.context.maxOutput,
    reasoning: { ...model.reasoning, efforts: model.reasoning.efforts satisfies (ReasoningEffort | (string & {}))[] },
  };
  const choice = { isOurs: !isNamed(request.model, name), reasons: model.reasoning.supported };
  const adjust = (body: JsonObject): JsonObject => (provider.adjust ? provider.adjust(body, choice) : body);
  if (request.original.dialect === dialect.id) {
    const own = dialect.retarget(request.original.body, target);
    const body = adjust(own);
    return { body, dropped: body === own ? [] : lostFrom(own, body) };
  }
  const { body, dropped } = dialect.renderRequest(request, target);
  return { body: adjust(body), dropped };
}

/** Whether the client asked for this model: by its name, with its provider in front, or by an alias, which is a part of a name. */
function isNamed(asked: string, name: string): boolean {
  return name.includes(asked.slice(asked.lastIndexOf('/') + 1)) || asked.includes(name);
}

/** The fields that are gone; the output limit only changes its name. */
function lostFrom(before: JsonObject, after: JsonObject): string[] {
  return Object.keys(before).filter((field) => !(field in after) && field !== 'max_tokens');
}

/** Headers that belong to the dialect mean the same to a provider that speaks it. */
function passedHeaders({ endpoint, request }: ProviderCall): Record<string, string> {
  return request.original.dialect === endpoint.dialect.id ? request.original.headers : {};
}

/** Reads on until there is something to show, so that a failure before it can still be answered by another model. */
async function holdBack(stream: EventSource): Promise<EventSource> {
  const held: ChatEvent[] = [];
  for (;;) {
    const events = await stream.next();
    if (events === null) throw new GatewayError('provider_garbled', 'The provider closed the stream without a word.');
    held.push(...events);
    const telling = events.find((event) => isContent(event) || event.type === 'error');
    if (telling?.type === 'error') throw telling.error;
    if (telling) break;
    if (held.length > MAX_HELD)
      throw new GatewayError('provider_garbled', 'The provider sent a stream without content.');
  }
  let first: ChatEvent[] | null = held;
  return {
    next() {
      if (first === null) return stream.next();
      const events = first;
      first = null;
      return Promise.resolve(events);
    },
    cancel: stream.cancel,
  };
}

async function readError(
  { connection, endpoint }: ProviderCall,
  { response, hear }: { response: Response; hear: Hear },
): Promise<GatewayError> {
  const { provider } = connection;
  if (response.status >= 300 && response.status < 400) {
    return new GatewayError('provider_failed', `${provider.label} answered with a redirect, which is not followed.`);
  }
  const text = await hear(readText(response, MAX_ERROR_BYTES)).catch(() => '');
  return endpoint.dialect.parseError(response.status, tryParseJson(text) ?? text, response.headers);
}

/** Some servers stream unasked or answer whole when asked to stream, and some do not say which. */
function isStream(response: Response, request: ChatRequest): boolean {
  const type = response.headers.get('content-type')?.toLowerCase() ?? '';
  if (type.includes('text/event-stream')) return true;
  return request.stream && !type.includes('json');
}

/** What went wrong between us and a provider, in our words. */
export function explainFailure(
  thrown: unknown,
  { call, isSilent }: { call: Pick<ProviderCall, 'connection' | 'signal' | 'timeoutMs'>; isSilent: boolean },
): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const { label } = call.connection.provider;
  if (call.signal.aborted)
    return new GatewayError('client_closed', 'The client left before the answer.', { cause: thrown });
  if (isSilent) {
    const seconds = Math.round(call.timeoutMs / 1000);
    return new GatewayError('provider_timeout', `${label} was silent for ${seconds} s.`, { cause: thrown });
  }
  const code = errorCode(thrown);
  if (code && UNREACHABLE.has(code)) {
    return new GatewayError('provider_unreachable', `${label} cannot be reached (${code}).`, { cause: thrown });
  }
  return new GatewayError('provider_garbled', `The reply of ${label} broke off.`, { cause: thrown });
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ConnectionRefused',
  'ConnectionClosed',
  'FailedToOpenSocket',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
]);

function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
