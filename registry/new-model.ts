import type { PageProvenance } from './events.ts';
import type { Model } from './schema.ts';
import { unknownModel } from './unknown-model.ts';

/**
 * The entry of a model that appeared on a price page: what it costs is known, what it can do is not. It is `limited`, which
 * keeps it from being chosen automatically until somebody has filled in the rest; whoever asks for it by name gets it, priced.
 */
export function newModel({
  id,
  name,
  provider,
  provenance,
}: {
  id: string;
  name: string;
  provider: string;
  provenance: PageProvenance;
}): Model {
  return { ...unknownModel({ id, name, provider }), provenance: { ...provenance, confirmedBy: [], pinned: false } };
}
