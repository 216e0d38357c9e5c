import { and, eq } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type ModelOverrideRow, modelOverrides } from '../schema.ts';

export async function listModelOverrides(db: Db): Promise<ModelOverrideRow[]> {
  return await db.select().from(modelOverrides).orderBy(modelOverrides.provider, modelOverrides.model);
}

/** In place of what was said of the model before. */
export async function saveModelOverride(db: Db, row: ModelOverrideRow): Promise<void> {
  const { provider, model } = modelOverrides;
  await db
    .insert(modelOverrides)
    .values(row)
    .onConflictDoUpdate({ target: [provider, model], set: row });
}

export async function deleteModelOverride(db: Db, provider: string, model: string): Promise<boolean> {
  const gone = await db
    .delete(modelOverrides)
    .where(and(eq(modelOverrides.provider, provider), eq(modelOverrides.model, model)))
    .returning({ model: modelOverrides.model });
  return gone.length > 0;
}
