import type { Dialect } from '../../dialects/dialect.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, tryParseJson } from '../../lib/json.ts';
import { readText } from '../../lib/read-text.ts';
import type { Connection } from '../../providers/provider.ts';
import { explainFailure } from './call-provider.ts';

/** The vectors of a full batch, written as decimal numbers, are some 80 MiB. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;
const MAX_ERROR_BYTES = 1024 * 1024;

export interface JsonCall {
  connection: Connection;
  /** What follows the provider's `baseUrl`. */
  path: string;
  body: JsonObject;
  headers: Record<string, string>;
  parseError: Dialect['parseError'];
  /** Fires when the client leaves. */
  signal: AbortSignal;
  /** How long the provider may stay silent. */
  timeoutMs: number;
  /** Told once, when the reply's headers are here. */
  onHeaders: (status: number, headers: Headers) => void;
}

export interface JsonReply {
  /** As it came. */
  text: string;
  body: unknown;
}

/** Sends one body to a provider and reads the one that comes back. Throws GatewayError for whatever goes wrong. */
export async function callJson(call: JsonCall): Promise<JsonReply> {
  const { connection, signal, timeoutMs } = call;
  const { provider } = connection;
  const silence = new AbortController();
  const leave = new AbortController();
  let timer = setTimeout(() => silence.abort(), timeoutMs);

  try {
    const response = await fetch(`${provider.baseUrl}${call.path}`, {
      method: 'POST',
      headers: {
        ...provider.headers(connection.apiKey.reveal()),
        ...call.headers,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(call.body),
      signal: AbortSignal.any([signal, silence.signal, leave.signal]),
      // A provider that redirects could send our key elsewhere.
      redirect: 'manual',
      timeout: false,
    });
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), timeoutMs);
    call.onHeaders(response.status, response.headers);
    if (!response.ok) throw await readError(call, response);

    const text = await readText(response, MAX_BODY_BYTES);
    const body = tryParseJson(text);
    if (body !== undefined) return { text, body };
    throw new GatewayError('provider_garbled', 'The provider answered with something that is not JSON.');
  } catch (thrown) {
    // What is left of a reply that is of no use would keep its connection.
    leave.abort();
    throw explainFailure(thrown, { call, isSilent: silence.signal.aborted });
  } finally {
    clearTimeout(timer);
  }
}

async function readError({ connection, parseError }: JsonCall, response: Response): Promise<GatewayError> {
  if (response.status >= 300 && response.status < 400) {
    const { label } = connection.provider;
    return new GatewayError('provider_failed', `${label} answered with a redirect, which is not followed.`);
  }
  const text = await readText(response, MAX_ERROR_BYTES).catch(() => '');
  return parseError(response.status, tryParseJson(text) ?? text, response.headers);
}
