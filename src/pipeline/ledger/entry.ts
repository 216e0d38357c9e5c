import type { Model } from '../../../registry/schema.ts';
import type { ChatEvent } from '../../chat/event.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { RequestRow } from '../../db/schema.ts';
import type { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { isMaybeBilled, type Settlement, settle } from './bill.ts';
import { createBodyCapture } from './body-capture.ts';
import type { Answer, LedgerAttempt, LedgerDecision, Opening, Outcome, Page } from './page.ts';
import { type LedgerRows, renderRows } from './rows.ts';
import { createTally, type Tally } from './tally.ts';

interface EntryOptions {
  opening: Opening;
  write: (rows: LedgerRows) => void;
  /** Told once, with what was written of the request; null if that failed. */
  onClose: (request: RequestRow | null) => void;
  now: Clock;
  baseline: () => Model | null;
}

export type Entry = ReturnType<typeof createEntry>;

/** One request's page in the ledger. It is told what happens; `close` writes it, once, whatever is told afterwards. */
export function createEntry({ opening, write, onClose, now, baseline }: EntryOptions) {
  const tally = createTally();
  const page: Page = {
    opening,
    asked: { model: '', isStream: false },
    cache: 'bypass',
    decision: null,
    answer: null,
    attempts: [],
    firstContentAt: null,
    overheadUs: 0,
    capture: opening.key.storesBodies ? createBodyCapture() : null,
  };
  let isClosed = false;

  /** What the reply costs as far as it has been seen; of a whole one that is asked twice. */
  let settled: { tally: Tally; settlement: Settlement } | null = null;

  function readUp() {
    if (settled) return settled;
    const seen = tally.read(page.decision?.promptTokens ?? 0);
    settled = { tally: seen, settlement: settle(page, seen.usage) };
    return settled;
  }

  function close(outcome: Outcome, status: number, error: GatewayError | null = null): void {
    if (isClosed) return;
    isClosed = true;
    // Of a request that nobody answered: who may have worked on it all the same.
    if (!page.answer) {
      page.answer = page.attempts.findLast(isMaybeBilled) ?? null;
      settled = null;
    }
    const ending = { outcome, status, error, at: now() };
    let written: RequestRow | null = null;
    try {
      const rows = renderRows(page, { ending, ...readUp(), baseline: baseline() });
      write(rows);
      written = rows.request;
    } finally {
      onClose(written);
    }
  }

  return {
    id: opening.id,
    asks(model: string, isStream: boolean): void {
      page.asked = { model, isStream };
    },
    /** What was asked, for keys that keep it. */
    hears(request: ChatRequest): void {
      page.capture?.hear(request);
    },
    cached(state: RequestRow['cache']): void {
      page.cache = state;
      settled = null;
    },
    decides(decision: LedgerDecision): void {
      page.decision = decision;
      settled = null;
    },
    attempts(attempt: LedgerAttempt): void {
      page.attempts.push(attempt);
    },
    answers(by: Answer): void {
      page.answer = by;
      settled = null;
    },
    /** Our own share of the time so far. */
    spent(microseconds: number): void {
      page.overheadUs = Math.max(0, Math.round(microseconds));
    },
    see(event: ChatEvent): void {
      settled = null;
      tally.see(event);
      page.capture?.see(event);
      if (page.firstContentAt === null && tally.hasContent()) page.firstContentAt = now();
    },
    /** What the reply costs by what has been seen so far. */
    settle: (): Settlement => readUp().settlement,
    close,
  };
}
