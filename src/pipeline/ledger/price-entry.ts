import type { Model, PriceRow } from '../../../registry/schema.ts';
import type { PriceRowEntry } from '../../db/schema.ts';

/** A row of the catalogue is hashed once, not once for each request. */
const known = new WeakMap<PriceRow, PriceRowEntry>();

/** A price row under the id by which the ledger names it: the same row of the same model has the same id for ever. */
export function priceEntryOf({ provider, id: model }: Pick<Model, 'provider' | 'id'>, row: PriceRow): PriceRowEntry {
  const found = known.get(row);
  if (found && found.model === model && found.provider === provider) return found;
  const text = JSON.stringify([provider, model, row]);
  const id = new Bun.CryptoHasher('sha256').update(text).digest('base64url').slice(0, 16);
  const entry = { id, provider, model, row };
  known.set(row, entry);
  return entry;
}
