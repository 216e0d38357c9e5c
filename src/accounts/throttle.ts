import { lru } from 'tiny-lru';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';

const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
/** How long after the last wait a failure is still held against somebody. */
const MEMORY_MS = 3_600_000;
/** An attacker can make up any number of names; the oldest are forgotten first. */
const MAX_REMEMBERED = 20_000;

interface Record {
  failures: number;
  blockedUntil: number;
}

/** Slows down guessing: after five failures in a row each further one costs a wait, twice as long each time. In memory. */
export function createThrottle(now: Clock) {
  const records = lru<Record>(MAX_REMEMBERED);

  /**
   * Counts an attempt as failed before it is made, so that many at once count as many. Throws `rate_limited` while there is a
   * wait; such attempts are not counted.
   */
  function begin(who: string): void {
    const known = records.get(who);
    const record = known && now() < known.blockedUntil + MEMORY_MS ? known : { failures: 0, blockedUntil: now() };
    if (now() < record.blockedUntil) {
      const retryAfterSeconds = Math.ceil((record.blockedUntil - now()) / 1000);
      throw new GatewayError(
        'rate_limited',
        `Too many wrong attempts. Try again in ${waitInWords(retryAfterSeconds)}.`,
        {
          retryAfterSeconds,
        },
      );
    }
    const failures = record.failures + 1;
    records.set(who, { failures, blockedUntil: now() + waitAfter(failures) });
  }

  /** The attempt was right after all: nothing is held against them any more. */
  function forgive(who: string): void {
    records.delete(who);
  }

  return { begin, forgive };
}

function waitAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_MS);
}

function waitInWords(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
