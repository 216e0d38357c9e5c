import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyCatalogue } from '../../registry/apply.ts';
import { describeChange } from '../../registry/diff.ts';
import { describeEvent } from '../../registry/events.ts';
import { parseRegistryFile } from '../../registry/load.ts';
import { saveRegistry } from '../../registry/save.ts';
import type { RegistryFile } from '../../registry/schema.ts';
import { pinModels, updateRegistry } from '../../registry/update.ts';
import { loadConfig } from '../config.ts';

/**
 * `bun run registry:update [--from DIR|FILE.json] [--dry-run] [--pin ID] [--approve ID]`: brings the catalogue of the data
 * folder up to the vendors' price pages, to saved ones of a folder, or to another catalogue. Prints what changes, in words.
 * Ends with 1 if nothing of some provider could be believed; its models are then as they were.
 */
const SHIPPED = join(import.meta.dir, '../../registry/models.json');

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    pin: { type: 'string', multiple: true, default: [] },
    approve: { type: 'string', multiple: true, default: [] },
  },
});

try {
  const path = join(loadConfig(process.env).dataDir, 'models.json');
  const mode = options['dry-run'] ? 'print' : 'write';
  if (options.pin.length > 0) process.exitCode = await pin(path, options.pin);
  else if (options.from !== undefined && !(await isFolder(options.from))) await takeCatalogue(path, options.from, mode);
  else process.exitCode = await readPages(path, mode);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function readPages(path: string, mode: 'print' | 'write'): Promise<number> {
  const { folder, approve } = { folder: options.from, approve: options.approve };
  const { events, outcomes, isChanged } = await updateRegistry({
    path,
    shippedPath: SHIPPED,
    folder,
    approve,
    mode,
    fetch,
    now: () => new Date(),
  });
  for (const event of events) console.log(describeEvent(event));
  for (const { provider, status, message } of outcomes) {
    if (status === 'failed') console.error(`${provider}: kept as it was. ${message}`);
    else console.log(`${provider}: ${message}`);
  }
  if (isChanged) console.log(mode === 'write' ? writtenTo(path) : 'Nothing was written.');
  else console.log('The catalogue is as it was.');
  return outcomes.some(({ status }) => status === 'failed') ? 1 : 0;
}

async function pin(path: string, ids: readonly string[]): Promise<number> {
  const unknown = await pinModels({ path, shippedPath: SHIPPED }, ids);
  for (const id of ids) {
    if (unknown.includes(id)) console.error(`The catalogue has no model "${id}".`);
    else console.log(`${id} is pinned: updates leave it as it is.`);
  }
  return unknown.length > 0 ? 1 : 0;
}

async function takeCatalogue(path: string, from: string, mode: 'print' | 'write'): Promise<void> {
  const current = await readCatalogue((await Bun.file(path).exists()) ? path : SHIPPED);
  const { file, changes } = applyCatalogue(current, await readCatalogue(from));

  for (const change of changes) console.log(describeChange(change));
  console.log(changes.length === 0 ? 'The catalogue is up to date.' : `${changes.length} changes.`);
  if (mode === 'print' || changes.length === 0) return;
  await saveRegistry(path, file);
  console.log(writtenTo(path));
}

function writtenTo(path: string): string {
  return `Written to ${path}; a running gateway takes it at its next start.`;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

async function readCatalogue(path: string): Promise<RegistryFile> {
  return parseRegistryFile(await Bun.file(path).text(), path);
}
