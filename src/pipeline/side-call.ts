import type { LimitState } from '../chat/limit-state.ts';
import type { GatewayKey } from '../db/schema.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { toGatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Auth } from './auth/index.ts';
import type { Caller } from './executor/caller.ts';
import type { Attempt, Permit } from './executor/index.ts';
import type { Entry, Ledger } from './ledger/index.ts';
import type { Limits, Pass } from './limits/index.ts';
import type { Allowance, Router } from './router/index.ts';
import { settledOf } from './settled.ts';
import { createStopwatch } from './stopwatch.ts';
import { tellingHeaders } from './telling-headers.ts';

/** A request that is no chat, as the edge hands it over. */
export interface SideCall {
  /** UUIDv7; the client and the ledger know the request by it. */
  id: string;
  /** The route, for the ledger: `/v1/embeddings`. */
  endpoint: string;
  presentedKey: string | null;
  headers: Headers;
  /** Reads the body once; throws `invalid_json` or `body_too_large`. */
  readBody: () => Promise<unknown>;
  /** How the caller's SDK expects a failure. */
  renderError: Dialect['renderError'];
  /** Fires when the client leaves. */
  signal: AbortSignal;
  /** `performance.now()` at arrival. */
  receivedAt: number;
  /** Told once whose request it is: how far they may still go, whenever that is asked. */
  onKey: (limits: () => LimitState) => void;
}

export interface SideStages {
  auth: Auth;
  limits: Limits;
  router: Router;
  caller: Caller;
  /** Without a baseline: what no chat model could have done saves nothing against one. */
  ledger: Ledger;
  now: Clock;
}

/** What the work of a side call is given. */
export interface Desk {
  key: GatewayKey;
  entry: Entry;
  /** What the key may use. */
  allowance: Allowance;
  /** Holds what a candidate is expected to take of the key's limits. */
  permit: Permit;
  readBody: () => Promise<unknown>;
  onAttempt: (attempt: Attempt) => void;
  /** Our share of the time so far, in microseconds; noted in the ledger, too. */
  overheadUs: () => number;
}

/** What every call that is no chat goes through: the key, its limits, and one ledger entry, closed whatever happens. */
export async function handleSideCall(
  call: SideCall & { dialectId: string },
  { auth, limits, ledger }: SideStages,
  work: (desk: Desk) => Promise<Response>,
): Promise<Response> {
  const key = auth.authenticate(call.presentedKey);
  call.onKey(() => limits.stateOf(key));
  const stopwatch = createStopwatch(call.receivedAt);
  stopwatch.lap('auth');
  const { id, endpoint, dialectId: dialect } = call;
  const headers = tellingHeaders(call.headers);
  const opening = { id, key, endpoint, dialect, headers, laps: stopwatch.laps };
  let pass: Pass | null = null;
  const entry = ledger.open(opening, (row) => pass?.leave(settledOf(row)));
  const overheadUs = (): number => {
    const spentUs = stopwatch.oursUs();
    entry.spent(spentUs);
    return spentUs;
  };
  const onAttempt = (attempt: Attempt): void => {
    stopwatch.addOthers(attempt.waitedUs);
    entry.attempts(attempt);
  };

  try {
    pass = limits.enter(key);
    const { allowance, reserve } = pass;
    const permit: Permit = ({ expected }, isSimulated) => reserve({ ...expected, isSimulated });
    const readBody = async () => {
      const body = await stopwatch.others(call.readBody());
      stopwatch.lap('read');
      return body;
    };
    const response = await work({ key, entry, allowance, permit, readBody, onAttempt, overheadUs });
    entry.close('ok', response.status);
    return response;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    overheadUs();
    const { status } = call.renderError(error, call.id);
    if (error.code === 'client_closed') entry.close('aborted', status, error);
    else entry.close(status < 500 && !error.isRetryable ? 'refused' : 'error', status, error);
    throw thrown;
  }
}
