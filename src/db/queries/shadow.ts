import { desc, gte, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type ShadowComparison, shadowComparisons } from '../schema.ts';

export async function insertComparison(db: Db, row: ShadowComparison): Promise<void> {
  await db.insert(shadowComparisons).values(row);
}

/** What came of comparisons since a time, by pair of models: the most compared first. */
export async function countComparisons(db: Db, since: number) {
  const { served, rival, outcome, isSimulated, at } = shadowComparisons;
  const of = (kind: string) => sql<number>`sum(${outcome} is ${kind})`.mapWith(Number);
  const compared = sql<number>`count(*)`.mapWith(Number);
  return await db
    .select({
      ...{ served, rival, isSimulated, compared },
      ...{ wins: of('win'), ties: of('tie'), losses: of('loss') },
      unread: sql<number>`sum(${outcome} is null)`.mapWith(Number),
    })
    .from(shadowComparisons)
    .where(gte(at, since))
    .groupBy(served, rival, isSimulated)
    .orderBy(desc(compared), served, rival);
}
