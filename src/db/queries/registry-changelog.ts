import { and, desc, eq, gte, inArray, lt } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type RegistryChange, registryChangelog } from '../schema.ts';

/** SQLite takes a limited number of values at once. */
const ROWS_AT_ONCE = 200;

export interface ChangelogFilter {
  provider?: string | undefined;
  model?: string | undefined;
  type?: string | undefined;
  /** Only what came before the row of this id, for the next page. */
  before?: string | undefined;
}

export async function insertRegistryChanges(db: Db, rows: readonly RegistryChange[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await db.insert(registryChangelog).values(rows.slice(at, at + ROWS_AT_ONCE));
  }
}

/** The newest first. */
export async function listRegistryChanges(
  db: Db,
  { provider, model, type, before }: ChangelogFilter,
  limit: number,
): Promise<RegistryChange[]> {
  const { provider: ofProvider, model: ofModel, type: ofType, id } = registryChangelog;
  const filters = [
    ...(provider === undefined ? [] : [eq(ofProvider, provider)]),
    ...(model === undefined ? [] : [eq(ofModel, model)]),
    ...(type === undefined ? [] : [eq(ofType, type)]),
    ...(before === undefined ? [] : [lt(id, before)]),
  ];
  return await db
    .select()
    .from(registryChangelog)
    .where(and(...filters))
    .orderBy(desc(id))
    .limit(limit);
}

/** Which of these lines have been written since a time. */
export async function findRecentMessages(db: Db, messages: readonly string[], since: number): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = 0; at < messages.length; at += ROWS_AT_ONCE) {
    const rows = await db
      .select({ message: registryChangelog.message })
      .from(registryChangelog)
      .where(
        and(
          gte(registryChangelog.at, since),
          inArray(registryChangelog.message, messages.slice(at, at + ROWS_AT_ONCE)),
        ),
      );
    for (const { message } of rows) found.add(message);
  }
  return found;
}
