import type { Model } from '../../../registry/schema.ts';
import type { GatewayKey, RequestRow } from '../../db/schema.ts';
import type { Clock } from '../../lib/clock.ts';
import { createEntry } from './entry.ts';
import type { Opening } from './page.ts';
import type { LedgerRows } from './rows.ts';

export type { Settlement } from './bill.ts';
export type { Entry } from './entry.ts';
export type { LedgerAttempt, LedgerDecision, Outcome } from './page.ts';
export type { LedgerRows } from './rows.ts';

interface LedgerOptions {
  write: (rows: LedgerRows) => void;
  now: Clock;
  /** What savings of a request are measured against. */
  baseline: () => Model | null;
}

export type Ledger = ReturnType<typeof createLedger>;

/** Keeps an entry for every request with a valid key, from its first moment to its only end. */
export function createLedger({ write, now, baseline }: LedgerOptions) {
  let openEntries = 0;

  return {
    /** `onEnd` is told once, when the request has come to its end, with its row; null if that could not be made. */
    open(
      opening: Omit<Opening, 'startedAt'> & { key: GatewayKey },
      onEnd: (row: RequestRow | null) => void = () => {},
    ) {
      openEntries++;
      const onClose = (row: RequestRow | null): void => {
        openEntries--;
        onEnd(row);
      };
      return createEntry({ opening: { ...opening, startedAt: now() }, write, onClose, now, baseline });
    },
    /** Requests that have not come to their end. */
    openCount: () => openEntries,
  };
}
