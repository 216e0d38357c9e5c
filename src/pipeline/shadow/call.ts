import type { ChatEvent } from '../../chat/event.ts';
import { createCollector, textOf } from '../../chat/reply.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { GatewayKey, RequestRow } from '../../db/schema.ts';
import { SHADOW_KEY_ID } from '../../db/shadow-key.ts';
import { GatewayError, toGatewayError } from '../../errors.ts';
import type { Candidate, Executor } from '../executor/index.ts';
import type { Ledger, LedgerDecision } from '../ledger/index.ts';
import { SHADOW_DIALECT } from './plain-request.ts';

/** Whose calls these are: nobody's budget is touched, nothing that is said is kept. */
const SHADOW_KEY: GatewayKey = {
  ...{ id: SHADOW_KEY_ID, userId: null, name: 'shadow', hash: '', prefix: '', previousHash: null, previousUntil: null },
  ...{ strategy: null, fallbackModels: [], limits: {}, policy: null, storesBodies: false },
  ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
};

export interface CallerParts {
  executor: Executor;
  /** Without a baseline: a comparison saves nothing. */
  ledger: Ledger;
}

export interface OwnCall {
  endpoint: 'shadow/answer' | 'shadow/judge';
  candidate: Candidate;
  request: ChatRequest;
  decision: LedgerDecision;
  /** Simulated answers are compared for simulated money, real ones for real money. */
  isSimulated: boolean;
  signal: AbortSignal;
}

export interface OwnAnswer {
  row: RequestRow | null;
  /** Null where there was none, or it was no whole text. */
  text: string | null;
}

/** One call of the gateway's own, with its row in the ledger. Never rejects for what a provider did. */
export async function callOnce(call: OwnCall, { executor, ledger }: CallerParts): Promise<OwnAnswer> {
  const { endpoint, candidate, request, decision, isSimulated, signal } = call;
  let row: RequestRow | null = null;
  const opening = { id: Bun.randomUUIDv7(), key: SHADOW_KEY, endpoint, dialect: SHADOW_DIALECT, headers: {}, laps: [] };
  const entry = ledger.open(opening, (written) => {
    row = written;
  });
  entry.asks(candidate.name, false);
  entry.decides(decision);
  const fail = (error: GatewayError): OwnAnswer => {
    if (error.code === 'client_closed') entry.close('aborted', 499, error);
    else entry.close('error', 502, error);
    return { row, text: null };
  };
  const permit = (_: Candidate, isSimulating: boolean) =>
    isSimulating === isSimulated ? null : new GatewayError('no_provider', 'Real and simulated money are kept apart.');
  const reply = await executor
    .run({ candidates: [candidate], request, signal, permit, onAttempt: entry.attempts })
    .then((opened) => opened, toGatewayError);
  if (reply instanceof GatewayError) return fail(reply);

  entry.answers({ ...candidate, isSimulated });
  const collector = createCollector();
  for (;;) {
    const events: ChatEvent[] | null = await reply.source.next();
    if (events === null) break;
    for (const event of events) {
      entry.see(event);
      collector.add(event);
    }
  }
  const { choices, error } = collector.reply;
  if (error) return fail(error);
  entry.close('ok', 200);
  const [choice] = choices;
  const isWhole = choice?.reason === 'stop' || choice?.reason === 'stop-sequence';
  return { row, text: isWhole ? textOf(choice) : null };
}
