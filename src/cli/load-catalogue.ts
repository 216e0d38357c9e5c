import { join } from 'node:path';
import { createRegistry, type Registry } from '../../registry/load.ts';
import { openCatalogue } from '../../registry/open-catalogue.ts';
import { loadCompatibleProviders } from '../providers/openai-compatible/load-compatible.ts';

/** The catalogue that came with the program. */
export const SHIPPED = join(import.meta.dir, '../../registry/models.json');

/** What a gateway with this data folder knows of models, for commands that run beside it. */
export async function loadCatalogue(dataDir: string): Promise<Registry> {
  const own = await loadCompatibleProviders(dataDir);
  const { file } = await openCatalogue({ path: join(dataDir, 'models.json'), shippedPath: SHIPPED });
  return createRegistry([...file.models, ...own.flatMap(({ models }) => models)]);
}
