import type { Change } from './diff.ts';
import { diffModels } from './diff.ts';
import type { Model, RegistryFile } from './schema.ts';

/**
 * The catalogue that follows when a newer one is applied to the one in use: pinned models stay as the operator has them, and
 * models the newer one does not know are kept, because old requests have to be priced.
 */
export function applyCatalogue(current: RegistryFile, newer: RegistryFile): { file: RegistryFile; changes: Change[] } {
  const held = new Map(current.models.map((model) => [addressOf(model), model]));
  const taken = newer.models.map((model) => {
    const ours = held.get(addressOf(model));
    held.delete(addressOf(model));
    return ours?.provenance.pinned ? ours : model;
  });
  const changes = diffModels(current.models, taken);
  const file = { ...newer, models: [...taken, ...held.values()] };
  return { file, changes };
}

function addressOf({ provider, id }: Model): string {
  return `${provider}/${id}`;
}
