import { join } from 'node:path';
import { createRegistry, type Registry } from '../../registry/load.ts';
import { openCatalogue } from '../../registry/open-catalogue.ts';
import { type CompatibleProvider, parseCompatibleProviders } from '../providers/openai-compatible/compatible-config.ts';

/** The catalogue that came with the program. */
export const SHIPPED_CATALOGUE = join(import.meta.dir, '../../registry/models.json');

/** What a gateway with this data folder knows of models, for commands that run beside it. */
export async function loadCatalogue(dataDir: string): Promise<Registry> {
  const own = await loadCompatibleProviders(dataDir);
  const { file } = await openCatalogue({ path: join(dataDir, 'models.json'), shippedPath: SHIPPED_CATALOGUE });
  return createRegistry([...file.models, ...own.flatMap(({ models }) => models)]);
}

/** The operator's own servers, of `providers.json` in the data folder. */
export async function loadCompatibleProviders(dataDir: string): Promise<CompatibleProvider[]> {
  const path = join(dataDir, 'providers.json');
  const file = Bun.file(path);
  return (await file.exists()) ? parseCompatibleProviders(await file.text(), path) : [];
}
