import { join } from 'node:path';
import { createRegistry, parseRegistryFile } from '../../registry/load.ts';
import { type CompatibleProvider, parseCompatibleProviders } from '../providers/openai-compatible/compatible-config.ts';

const SHIPPED_CATALOGUE = join(import.meta.dir, '../../registry/models.json');

/** The catalogue of the data folder when it is newer than the one that was shipped, and the operator's own models. */
export async function loadCatalogue(dataDir: string, compatible: readonly CompatibleProvider[]) {
  const shipped = parseRegistryFile(await Bun.file(SHIPPED_CATALOGUE).text(), 'registry/models.json');
  const updated = Bun.file(join(dataDir, 'models.json'));
  const own = (await updated.exists()) ? parseRegistryFile(await updated.text(), `${dataDir}/models.json`) : null;
  const { models } = own && own.generatedAt > shipped.generatedAt ? own : shipped;
  return createRegistry([...models, ...compatible.flatMap((one) => one.models)]);
}

/** The operator's own servers, of `providers.json` in the data folder. */
export async function loadCompatibleProviders(dataDir: string): Promise<CompatibleProvider[]> {
  const path = join(dataDir, 'providers.json');
  const file = Bun.file(path);
  return (await file.exists()) ? parseCompatibleProviders(await file.text(), path) : [];
}
