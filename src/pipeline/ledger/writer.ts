import type { LedgerRows } from './rows.ts';

const FLUSH_MS = 100;
const BATCH_ROWS = 500;
/** About a minute of the heaviest traffic; past it the oldest entries are given up, loudly, before memory is. */
const MAX_WAITING = 200_000;

interface WriterOptions {
  /** Stores the rows in one transaction. */
  insert: (rows: LedgerRows[]) => Promise<void>;
  /** Told of what was stored, for those who show it live. Must be quick, and must not throw. */
  onStored?: (rows: readonly LedgerRows[]) => void;
  logError: (message: string, cause: unknown) => void;
}

export type LedgerWriter = ReturnType<typeof createLedgerWriter>;

/** Collects rows and stores them in batches, so that no request waits for the disk. Rows that fail are tried again. */
export function createLedgerWriter({ insert, logError, onStored }: WriterOptions) {
  let waiting: LedgerRows[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let underWay: Promise<void> | null = null;

  function write(rows: LedgerRows): void {
    waiting.push(rows);
    if (waiting.length > MAX_WAITING) {
      const lost = waiting.splice(0, waiting.length - MAX_WAITING);
      logError(`${lost.length} ledger entries were lost: the database did not keep up.`, null);
    }
    timer ??= setTimeout(() => void flush(), FLUSH_MS);
  }

  /** Resolves when everything written so far is stored, or has failed once more. */
  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (underWay) await underWay;
    underWay = drain();
    await underWay;
    underWay = null;
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_ROWS);
      waiting = waiting.slice(BATCH_ROWS);
      try {
        await insert(batch);
        onStored?.(batch);
      } catch (cause) {
        const refused = await insertEach(batch);
        if (refused.length === batch.length) {
          waiting = [...batch, ...waiting];
          logError('The ledger could not be written; the entries are kept and tried again.', cause);
          timer ??= setTimeout(() => void flush(), FLUSH_MS * 10);
          return;
        }
        onStored?.(batch.filter((rows) => !refused.includes(rows)));
        // The database works, so it is the rows: they would hold up everything behind them for ever.
        if (refused.length > 0) logError(`${refused.length} ledger entries were refused and are lost.`, cause);
      }
    }
  }

  /** The rows that cannot be stored, tried one by one. */
  async function insertEach(batch: LedgerRows[]): Promise<LedgerRows[]> {
    const refused: LedgerRows[] = [];
    for (const rows of batch) await insert([rows]).catch(() => refused.push(rows));
    return refused;
  }

  return { write, flush, queueDepth: () => waiting.length };
}
