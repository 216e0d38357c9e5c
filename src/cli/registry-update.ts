import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyCatalogue } from '../../registry/apply.ts';
import { describeChange } from '../../registry/diff.ts';
import { parseRegistryFile } from '../../registry/load.ts';
import { saveRegistry } from '../../registry/save.ts';
import type { RegistryFile } from '../../registry/schema.ts';
import { loadConfig } from '../config.ts';

/**
 * `bun run registry:update [--from FILE] [--dry-run]`: brings the catalogue of the data folder up to a newer one, which is the
 * shipped one unless `--from` names another. Prints what changes. A catalogue that does not hold up is refused whole.
 */
const SHIPPED = join(import.meta.dir, '../../registry/models.json');

const { values: options } = parseArgs({
  options: { from: { type: 'string', default: SHIPPED }, 'dry-run': { type: 'boolean', default: false } },
});

try {
  await update(options.from, options['dry-run'] ? 'print' : 'write');
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function update(from: string, mode: 'print' | 'write'): Promise<void> {
  const path = join(loadConfig(process.env).dataDir, 'models.json');
  const current = await readCatalogue((await Bun.file(path).exists()) ? path : SHIPPED);
  const { file, changes } = applyCatalogue(current, await readCatalogue(from));

  for (const change of changes) console.log(describeChange(change));
  console.log(changes.length === 0 ? 'The catalogue is up to date.' : `${changes.length} changes.`);
  if (mode === 'print' || changes.length === 0) return;
  await saveRegistry(path, file);
  console.log(`Written to ${path}; a running gateway takes it at its next start.`);
}

async function readCatalogue(path: string): Promise<RegistryFile> {
  return parseRegistryFile(await Bun.file(path).text(), path);
}
