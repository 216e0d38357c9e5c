import type { Dialect, RequestPath } from '../dialects/dialect.ts';
import type { Log } from '../lib/log.ts';
import { handleChat, type Stages } from '../pipeline/pipeline.ts';
import type { Framing } from '../pipeline/respond.ts';
import { errorResponse } from './error-response.ts';
import { type Limited, withLimits } from './limit-headers.ts';
import { presentedKey } from './presented-key.ts';
import { readJson } from './read-json.ts';

/** How long a connection may be silent while nothing is asked of it. */
export const IDLE_SECONDS = 60;

export interface ChatDoorOptions {
  stages: Stages;
  maxBodyBytes: number;
  log: Log;
}

/** The server a request came to; absent in tests that call the app directly. */
type Server = { timeout(request: Request, seconds: number): void } | null;

export interface ChatVisit {
  request: Request;
  server: Server;
  dialect: Dialect;
  endpoint: string;
  path?: RequestPath;
  framing?: Framing | null;
}

export type ChatDoor = ReturnType<typeof createChatDoor>;

/** What every chat route does: hands the request to the pipeline, and answers a failure in the route's dialect. */
export function createChatDoor({ stages, maxBodyBytes, log }: ChatDoorOptions) {
  return async function enter({ request, server, dialect, endpoint, path, framing }: ChatVisit): Promise<Response> {
    const receivedAt = performance.now();
    const id = Bun.randomUUIDv7();
    // A model may think for minutes before its first byte; the server's own patience is for idle connections, and for clients
    // that have not shown a key and a whole request yet.
    const waitForever = (): void => server?.timeout(request, 0);
    const waitAsUsual = (): void => server?.timeout(request, IDLE_SECONDS);
    const caller: Limited = { limits: null };
    try {
      const response = await handleChat(
        {
          id,
          dialect,
          endpoint,
          identify: (auth) => auth.authenticate(presentedKey(request)),
          headers: request.headers,
          path: { ...path, headers: pickHeaders(request.headers, dialect.headers) },
          readBody: async () => {
            const body = await readJson(request, maxBodyBytes);
            waitForever();
            return body;
          },
          framing: framing ?? null,
          signal: request.signal,
          receivedAt,
          onEnd: waitAsUsual,
          onKey: (limits) => {
            caller.limits = limits;
          },
        },
        stages,
      );
      return withLimits(response, dialect, caller);
    } catch (thrown) {
      waitAsUsual();
      return withLimits(errorResponse({ thrown, dialect, requestId: id, log }), dialect, caller);
    }
  };
}

function pickHeaders(headers: Headers, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) picked[name] = value;
  }
  return picked;
}
