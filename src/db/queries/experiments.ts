import { and, desc, eq, gte, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { feedback, requests } from '../schema.ts';

/** So many of a key's latest requests are looked at and no more: meanwhile everybody else waits. */
export const MOST_COMPARED = 10_000;

interface ArmFilter {
  keyId: string;
  since: number;
  /** How many of the latest requests are looked at. */
  most: number;
}

/** What the arms of a key's experiments have cost and done since a time, of its latest requests. */
export async function compareArms(db: Db, filter: ArmFilter) {
  const latest = latestOf(db, filter);
  const total = (of: ReturnType<typeof sql>) => sql<number>`coalesce(sum(${of}), 0)`.mapWith(Number);
  const { arm, outcome, costNanoUsd, isSimulated } = latest;
  return await db
    .select({
      arm,
      requests: sql<number>`count(*)`.mapWith(Number),
      simulated: total(sql`${isSimulated}`),
      errors: total(sql`${outcome} = 'error'`),
      unpriced: total(sql`${costNanoUsd} is null`),
      realPriced: total(sql`not ${isSimulated} and ${costNanoUsd} is not null`),
      simulatedPriced: total(sql`${isSimulated} and ${costNanoUsd} is not null`),
      costNanoUsd: total(sql`case when ${isSimulated} then 0 else ${costNanoUsd} end`),
      simulatedNanoUsd: total(sql`case when ${isSimulated} then ${costNanoUsd} else 0 end`),
      judged: sql<number>`count(${feedback.requestId})`.mapWith(Number),
      passed: total(sql`${feedback.passed}`),
    })
    .from(latest)
    .leftJoin(feedback, and(eq(feedback.requestId, latest.id), eq(feedback.source, 'caller')))
    .groupBy(arm)
    .orderBy(arm);
}

/** How many answers of each arm took about so long (in classes of `lib/histogram.ts`), and began after about so long. */
export async function countArmTimes(db: Db, filter: ArmFilter, time: 'duration' | 'first-content') {
  const latest = latestOf(db, filter);
  const { arm, outcome, isStream, durationMs, firstContentMs } = latest;
  const ms = time === 'duration' ? durationMs : firstContentMs;
  const index = sql<number>`case when ${ms} <= 1 then 0 else cast(log2(${ms}) * 4 as integer) + 1 end`.mapWith(Number);
  return await db
    .select({ arm, index, count: sql<number>`count(*)`.mapWith(Number) })
    .from(latest)
    // A whole body has no beginning that tells anything.
    .where(and(eq(outcome, 'ok'), isNotNull(ms), time === 'duration' ? undefined : eq(isStream, true)))
    .groupBy(arm, index);
}

function latestOf(db: Db, { keyId, since, most }: ArmFilter) {
  const { id, arm, outcome, isSimulated, isStream, durationMs, firstContentMs, costNanoUsd, startedAt } = requests;
  return db
    .select({ id, arm, outcome, isSimulated, isStream, durationMs, firstContentMs, costNanoUsd })
    .from(requests)
    .where(and(eq(requests.keyId, keyId), gte(startedAt, since), isNotNull(arm)))
    .orderBy(desc(startedAt))
    .limit(most)
    .as('latest');
}
