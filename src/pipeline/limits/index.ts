import type { LimitState } from '../../chat/limit-state.ts';
import type { LimitSet } from '../../db/limit-set.ts';
import type { GatewayKey } from '../../db/schema.ts';
import type { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Bucket, refill, take, waitFor } from './bucket.ts';
import type { LimitEvent } from './budget-events.ts';
import { createForecast } from './forecast.ts';
import { createMeter, type Holder, type Meter, rollPurses, setLimits } from './meter.ts';
import { type Ask, leave, refuse, reserve, type Settled, type Visit } from './pass.ts';
import type { PeriodName } from './purse.ts';
import { tooManyAtOnce, tooManyRequests } from './refusals.ts';
import { type LimitReport, reportOf, stateOf } from './report.ts';
import { type Allowance, bothOf } from './rules.ts';
import { createUnpricedNotes } from './unpriced-notes.ts';

export type { LimitEvent } from './budget-events.ts';
export type { Ask, Settled } from './pass.ts';
export type { BudgetReport, LimitReport } from './report.ts';
export type { Allowance } from './rules.ts';

const NO_LIMITS: LimitSet = Object.freeze({});

interface LimitsOptions {
  now: Clock;
  /** For keys without a number of their own; 0 = no limit. */
  defaultRequestsPerMinute: number;
  /** Called on the request path: to be noted, not to be acted on. */
  onEvent?: ((event: LimitEvent) => void) | undefined;
}

/** What the limits need to know of a key. */
export type LimitedKey = Pick<GatewayKey, 'id' | 'name' | 'userId' | 'limits'>;

/** What a key has spent in the period of a moment, as the ledger remembers it. */
export interface Spent {
  keyId: string;
  userId: string | null;
  period: PeriodName;
  realNanoUsd: number;
  simulatedNanoUsd: number;
}

/** A request under way, to whoever handles it. */
export interface Pass {
  allowance: Allowance;
  /** Holds what a candidate is expected to take, in place of the one before. Why it cannot, or null. */
  reserve: (ask: Ask) => GatewayError | null;
  /** What `reserve` would say; takes nothing. */
  refuse: (ask: Ask) => GatewayError | null;
  /** Ends it, with what it came to; null = nothing. Only the first call counts. */
  leave: (settled: Settled | null) => void;
}

export type Limits = ReturnType<typeof createLimits>;

/**
 * Holds each key, and each person with all their keys, to what they may use. All of it is in memory and takes one synchronous
 * step, so that of many requests at once no two can take the same thing; what was spent before a start is restored from
 * the ledger.
 */
export function createLimits({ now, onEvent = () => {}, ...options }: LimitsOptions) {
  let { defaultRequestsPerMinute } = options;
  const keys = new Map<string, Meter>();
  const users = new Map<string, Meter>();
  let limitsOfUsers: ReadonlyMap<string, LimitSet> = new Map();
  const house = { forecast: createForecast(), now, onEvent };
  const unpricedNotes = createUnpricedNotes(onEvent);

  /** Takes one request from the key's allowance, for what is answered from memory. Throws `rate_limited`. */
  function admit(key: LimitedKey): void {
    const meters = metersOf(key, now());
    checkRequests(meters, key.name);
    for (const { requests } of meters) if (requests) take(requests, 1);
  }

  /** The same, and a place among the requests under way, which `leave` gives up. Throws `rate_limited`. */
  function enter(key: LimitedKey): Pass {
    const enteredAt = now();
    const meters = metersOf(key, enteredAt);
    checkRequests(meters, key.name);
    for (const { holder, rules, running } of meters) {
      const most = rules.concurrentRequests;
      if (most !== 0 && running >= most) throw tooManyAtOnce({ holder, keyName: key.name }, most);
    }
    for (const meter of meters) {
      if (meter.requests) take(meter.requests, 1);
      meter.running++;
    }
    const visit: Visit = { keyName: key.name, meters, enteredAt, hold: null, isOver: false, house };
    return {
      allowance: allowanceFor(meters),
      reserve: (ask) => reserve(visit, ask),
      refuse: (ask) => refuse(visit, ask),
      leave(settled) {
        if (settled?.costNanoUsd === null && settled.model !== null) unpricedNotes.note(settled.model, now());
        leave(visit, settled);
      },
    };
  }

  function checkRequests(meters: readonly Meter[], keyName: string): void {
    for (const { holder, requests } of meters) {
      const waitMs = requests ? waitFor(requests, 1) : 0;
      if (requests && waitMs > 0) throw tooManyRequests({ holder, keyName }, requests.size, waitMs);
    }
  }

  /** The key's meter, and its owner's: brought to this moment and to the limits as they are now. */
  function metersOf(key: LimitedKey, at: number): Meter[] {
    const own = meterOf({ kind: 'key', id: key.id }, key.limits, at);
    if (key.userId === null) return [own];
    return [own, meterOf({ kind: 'user', id: key.userId }, limitsOfUsers.get(key.userId) ?? NO_LIMITS, at)];
  }

  function meterOf(holder: Holder, limits: LimitSet, at: number): Meter {
    const meters = holder.kind === 'key' ? keys : users;
    const seed = { limits, defaultRequestsPerMinute: holder.kind === 'key' ? defaultRequestsPerMinute : 0, at };
    const known = meters.get(holder.id);
    if (!known) {
      const made = createMeter({ holder, ...seed });
      meters.set(holder.id, made);
      return made;
    }
    if (known.rules.source !== limits) setLimits(known, seed);
    refillIf(known.requests, at);
    rollPurses(known, at);
    return known;
  }

  /** What was spent before this start. To be called once, before the first request. */
  function restore(spent: readonly Spent[]): void {
    const at = now();
    for (const { keyId, userId, period, realNanoUsd, simulatedNanoUsd } of spent) {
      const meters = [meterOf({ kind: 'key', id: keyId }, NO_LIMITS, at)];
      if (userId !== null) meters.push(meterOf({ kind: 'user', id: userId }, NO_LIMITS, at));
      for (const meter of meters) {
        meter[period].real.spent += realNanoUsd;
        meter[period].simulated.spent += simulatedNanoUsd;
      }
    }
  }

  return {
    admit,
    enter,
    restore,
    /** The limits of people, in place of those known so far; they hold from the next request on. */
    replaceUserLimits(limits: ReadonlyMap<string, LimitSet>): void {
      limitsOfUsers = limits;
    },
    /** For keys without a number of their own, from the next request on. */
    replaceDefaultRequestsPerMinute(count: number): void {
      defaultRequestsPerMinute = count;
      const at = now();
      for (const meter of keys.values()) {
        setLimits(meter, { limits: meter.rules.source, defaultRequestsPerMinute, at });
      }
    },
    allowanceOf: (key: LimitedKey): Allowance => allowanceFor(metersOf(key, now())),
    /** How far the key may still go. */
    stateOf(key: LimitedKey): LimitState {
      const at = now();
      return stateOf(metersOf(key, at), at);
    },
    /** The limits of a key and of its owner, with what is used of them. */
    reportOf(
      key: LimitedKey,
      { isSimulating = false } = {},
    ): { key: LimitReport; user: LimitReport | null; at: number } {
      const at = now();
      const [own, owner] = metersOf(key, at);
      if (!own) throw new Error('every key has a meter');
      const moment = { at, isSimulating };
      return { key: reportOf(own, moment), user: owner ? reportOf(owner, moment) : null, at };
    },
  };
}

function refillIf(bucket: Bucket | null, at: number): void {
  if (bucket) refill(bucket, at);
}

function allowanceFor([own, owner]: readonly Meter[]): Allowance {
  if (!own) throw new Error('every key has a meter');
  if (!owner || owner.rules.isOpen) return own.rules.allowance;
  return bothOf(own.rules.allowance, owner.rules.allowance);
}
