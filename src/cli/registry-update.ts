import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyCatalogue } from '../../registry/apply.ts';
import { describeChange } from '../../registry/diff.ts';
import { describeEvent, type RegistryEvent } from '../../registry/events.ts';
import { parseRegistryFile } from '../../registry/load.ts';
import { openCatalogue } from '../../registry/open-catalogue.ts';
import { saveRegistry } from '../../registry/save.ts';
import { SCRAPERS } from '../../registry/scrapers/index.ts';
import { pinModels, updateRegistry } from '../../registry/update.ts';
import { recordEvents } from '../catalogue/index.ts';
import { loadConfig } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import { SHIPPED } from './load-catalogue.ts';

/**
 * `bun run registry:update [--from DIR|FILE.json] [--dry-run] [--pin ID] [--unpin ID] [--approve ID]
 * [--approve-run PROVIDER]`: brings the catalogue of the data folder up to the vendors' pages, to saved ones of a folder, or to
 * another catalogue. Prints what changes, in words, and writes it into the gateway's changelog where there is one. A running
 * gateway takes the new catalogue by itself. Ends with 1 if nothing of some provider could be believed; its models are then
 * as they were.
 */

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    pin: { type: 'string', multiple: true, default: [] },
    unpin: { type: 'string', multiple: true, default: [] },
    approve: { type: 'string', multiple: true, default: [] },
    'approve-run': { type: 'string', multiple: true, default: [] },
  },
});

try {
  checkProviders(options['approve-run']);
  const { dataDir } = loadConfig(process.env);
  const path = join(dataDir, 'models.json');
  const mode = options['dry-run'] ? 'print' : 'write';
  if (options.pin.length > 0 || options.unpin.length > 0) {
    const results = [await pin(path, options.pin, true), await pin(path, options.unpin, false)];
    process.exitCode = results.every(Boolean) ? 0 : 1;
  } else if (options.from !== undefined && !(await isFolder(options.from)))
    await takeCatalogue(path, options.from, mode);
  else process.exitCode = await readPages(path, mode, dataDir);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function checkProviders(names: readonly string[]): void {
  const known = SCRAPERS.map(({ id }) => id);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--approve-run takes ${known.join(', ')}, not "${unknown}".`);
}

async function readPages(path: string, mode: 'print' | 'write', dataDir: string): Promise<number> {
  const { events, outcomes, isChanged, warnings } = await updateRegistry({
    path,
    shippedPath: SHIPPED,
    folder: options.from,
    approve: options.approve,
    approveRuns: options['approve-run'],
    mode,
    fetch,
    now: () => new Date(),
  });
  for (const warning of warnings) console.error(`warning: ${warning}`);
  for (const event of events) console.log(describeEvent(event));
  for (const { provider, status, message } of outcomes) {
    if (status === 'failed') console.error(`${provider}: kept as it was. ${message}`);
    else console.log(`${provider}: ${message}`);
  }
  if (mode === 'write') await writeChangelog(dataDir, events);
  if (isChanged) console.log(mode === 'write' ? writtenTo(path) : 'Nothing was written.');
  else console.log('The catalogue is as it was.');
  return outcomes.some(({ status }) => status === 'failed') ? 1 : 0;
}

/** Where no gateway has ever run there is no changelog, and none is begun. */
async function writeChangelog(dataDir: string, events: readonly RegistryEvent[]): Promise<void> {
  const path = join(dataDir, 'gateway.db');
  if (!(await Bun.file(path).exists())) return;
  const db = openDatabase(path);
  try {
    await recordEvents(db, events, { source: 'command', at: Date.now() });
  } finally {
    db.close();
  }
}

async function pin(path: string, ids: readonly string[], isPinned: boolean): Promise<boolean> {
  if (ids.length === 0) return true;
  const unknown = await pinModels({ path, shippedPath: SHIPPED, isPinned }, ids);
  for (const id of ids) {
    if (unknown.includes(id)) console.error(`The catalogue has no model "${id}".`);
    else console.log(isPinned ? `${id} is pinned: updates leave it as it is.` : `${id} is not pinned any more.`);
  }
  return unknown.length === 0;
}

async function takeCatalogue(path: string, from: string, mode: 'print' | 'write'): Promise<void> {
  const { file: current } = await openCatalogue({ path, shippedPath: SHIPPED });
  const newer = parseRegistryFile(await Bun.file(from).text(), from);
  const { file, changes } = applyCatalogue(current, newer);

  for (const change of changes) console.log(describeChange(change));
  console.log(changes.length === 0 ? 'The catalogue is up to date.' : `${changes.length} changes.`);
  if (mode === 'print' || changes.length === 0) return;
  // Not older than what it takes the place of, or the next start would prefer that.
  const generatedAt = file.generatedAt > current.generatedAt ? file.generatedAt : new Date().toISOString();
  await saveRegistry(path, { ...file, generatedAt });
  console.log(writtenTo(path));
}

function writtenTo(path: string): string {
  return `Written to ${path}; a running gateway takes it within a minute.`;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new Error(`--from takes a folder of pages or a catalogue; there is nothing at "${path}".`);
  return found.isDirectory();
}
