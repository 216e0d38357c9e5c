import { and, eq, gte, lt } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { settings } from '../schema.ts';

export async function findSetting(db: Db, name: string): Promise<string | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, name)).limit(1);
  return row?.value ?? null;
}

/** All settings whose name starts with `prefix`, by name. */
export async function listSettings(db: Db, prefix: string): Promise<{ name: string; value: string }[]> {
  // A range instead of LIKE: it needs no escaping and uses the primary key.
  const inRange = and(gte(settings.name, prefix), lt(settings.name, `${prefix}\u{10ffff}`));
  return await db.select().from(settings).where(inRange).orderBy(settings.name);
}

/** Writes a setting, in place of what stood there. */
export async function saveSetting(db: Db, name: string, value: string): Promise<void> {
  await db.insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } });
}

export async function deleteSetting(db: Db, name: string): Promise<void> {
  await db.delete(settings).where(eq(settings.name, name));
}
