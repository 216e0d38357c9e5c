import type { Dialect } from '../dialects/dialect.ts';
import type { Log } from '../lib/log.ts';
import type { SideCall, SideStages } from '../pipeline/side-call.ts';
import { type ChatVisit, IDLE_SECONDS } from './chat-door.ts';
import { errorResponse } from './error-response.ts';
import { type Limited, withLimits } from './limit-headers.ts';
import { presentedKey } from './presented-key.ts';
import { readJson } from './read-json.ts';

interface SideDoorOptions {
  stages: SideStages;
  maxBodyBytes: number;
  log: Log;
}

export interface SideVisit {
  request: Request;
  server: ChatVisit['server'];
  /** Whose envelope a failure comes in. */
  dialect: Dialect;
  endpoint: string;
}

export type SideDoor = ReturnType<typeof createSideDoor>;

/** What every route does that calls a provider for something else than a chat. */
export function createSideDoor({ stages, maxBodyBytes, log }: SideDoorOptions) {
  return async function enter(
    { request, server, dialect, endpoint }: SideVisit,
    handle: (call: SideCall, stages: SideStages) => Promise<Response>,
  ): Promise<Response> {
    const receivedAt = performance.now();
    const id = Bun.randomUUIDv7();
    const caller: Limited = { limits: null };
    const call: SideCall = {
      id,
      endpoint,
      presentedKey: presentedKey(request),
      headers: request.headers,
      readBody: async () => {
        const body = await readJson(request, maxBodyBytes);
        // A provider may take longer than the server's own patience with idle connections.
        server?.timeout(request, 0);
        return body;
      },
      renderError: dialect.renderError,
      signal: request.signal,
      receivedAt,
      onKey: (limits) => {
        caller.limits = limits;
      },
    };
    try {
      return withLimits(await handle(call, stages), dialect, caller);
    } catch (thrown) {
      return withLimits(errorResponse({ thrown, dialect, requestId: id, log }), dialect, caller);
    } finally {
      server?.timeout(request, IDLE_SECONDS);
    }
  };
}
