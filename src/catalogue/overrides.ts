import { z } from 'zod';
import type { ModelOverride } from '../../registry/override.ts';
import type { Db } from '../db/client.ts';
import { deleteModelOverride, listModelOverrides, saveModelOverride } from '../db/queries/model-overrides.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';

const price = (name: string) =>
  z.number(`${name} is a price in dollars.`).min(0, `${name} is not below zero.`).max(1e6);

/** What may be said of a model. At least one of the two. */
const Wish = z.object({
  prices: z
    .object({ input: price('Input'), output: price('Output'), cacheRead: price('Cached input').optional() })
    .nullable()
    .default(null),
  quality: z
    .number('Quality is a number from 0 to 100.')
    .min(0, 'Quality is a number from 0 to 100.')
    .max(100, 'Quality is a number from 0 to 100.')
    .nullable()
    .default(null),
  note: z.string().trim().max(500, 'A note has at most 500 characters.').default(''),
});

interface OverridesOptions {
  db: Db;
  now: Clock;
  /** Called after every change, before its promise resolves. */
  onChange: () => void;
}

export type Overrides = ReturnType<typeof createOverrides>;

/** What the operator says of models, in place of their pages. In memory; the database keeps it. */
export function createOverrides({ db, now, onChange }: OverridesOptions) {
  let held: ModelOverride[] = [];

  return {
    /** Reads them into memory. */
    async load(): Promise<void> {
      held = await listModelOverrides(db);
    },
    list: (): readonly ModelOverride[] => held,
    find: (provider: string, model: string) =>
      held.find((one) => one.provider === provider && one.model === model) ?? null,
    /** From now on; the prices from today (UTC) on. Throws `invalid_request` with the field. */
    async set({ provider, model }: { provider: string; model: string }, wish: unknown): Promise<ModelOverride> {
      const parsed = Wish.safeParse(wish);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const param = z.core.toDotPath(issue?.path ?? []);
        throw new GatewayError('invalid_request', issue?.message ?? 'This is not understood.', { param });
      }
      const { prices, quality, note } = parsed.data;
      if (!prices && quality === null) {
        throw new GatewayError('invalid_request', 'Give both prices, or a quality.', { param: 'prices' });
      }
      const from = new Date(now()).toISOString().slice(0, 10);
      const row = { provider, model, prices, quality, note, from, at: now() };
      await saveModelOverride(db, row);
      held = await listModelOverrides(db);
      onChange();
      return row;
    },
    /** The page's word again. False when nothing was said of the model. */
    async clear(provider: string, model: string): Promise<boolean> {
      if (!(await deleteModelOverride(db, provider, model))) return false;
      held = await listModelOverrides(db);
      onChange();
      return true;
    },
  };
}
