import { join } from 'node:path';
import { type CompatibleProvider, parseCompatibleProviders } from './compatible-config.ts';

/** The operator's own servers, of `providers.json` in the data folder. */
export async function loadCompatibleProviders(dataDir: string): Promise<CompatibleProvider[]> {
  const path = join(dataDir, 'providers.json');
  const file = Bun.file(path);
  return (await file.exists()) ? parseCompatibleProviders(await file.text(), path) : [];
}
