import { applyDue } from './due.ts';
import type { RegistryEvent } from './events.ts';
import { FACT_PAGES } from './facts/index.ts';
import { compareWithFeeds, FEEDS, type Feed, readFeeds } from './feeds.ts';
import { parseRegistryFile } from './load.ts';
import { openCatalogue } from './open-catalogue.ts';
import type { Fetch } from './pages.ts';
import { type ProviderOutcome, runProvider, type SourceProgress } from './run-provider.ts';
import { saveRegistry, takeLock } from './save.ts';
import type { RegistryFile } from './schema.ts';
import { SCRAPERS } from './scrapers/index.ts';
import { loadMemory, memoryPathOf, newProviderMemory, saveMemory, type UpdateMemory } from './update-memory.ts';

export interface UpdateOptions {
  /** The catalogue in use. It is written, and its memory beside it. */
  path: string;
  /** Read instead while there is no file at `path` yet. */
  shippedPath: string;
  /** A folder of saved pages to read instead of the vendors' own. */
  folder?: string | undefined;
  /** Ids of models, `gpt-5.5` or `openai/gpt-5.5`, whose held and quarantined prices are taken. */
  approve?: readonly string[];
  /** Providers whose page is taken although the guard does not believe it. */
  approveRuns?: readonly string[];
  /** `print` finds out what would change and writes nothing. */
  mode: 'write' | 'print';
  fetch: Fetch;
  now: () => Date;
  /** Other catalogues that confirm. */
  feeds?: readonly Feed[];
  /** Told of every source as it is read. */
  progress?: (progress: SourceProgress) => void;
}

export interface UpdateResult {
  file: RegistryFile;
  /** Whether the catalogue was, or with `print` would be, written. */
  isChanged: boolean;
  events: RegistryEvent[];
  outcomes: ProviderOutcome[];
  /** What was wrong with the catalogue that was there. */
  warnings: string[];
}

/** Everything an update reads, in its order. */
export const UPDATE_SOURCES: readonly string[] = [
  ...FEEDS.map(({ id }) => id),
  ...SCRAPERS.flatMap(({ id }) => [
    `${id}/prices`,
    ...FACT_PAGES.flatMap((page) => (page.provider === id ? page.id : [])),
  ]),
];

/**
 * Brings the catalogue up to the vendors' pages. One provider's failure never touches another's models, nor its own: what
 * cannot be believed leaves everything as it was. Throws `CatalogueLocked` while another update runs.
 */
export async function updateRegistry(options: UpdateOptions): Promise<UpdateResult> {
  if (options.mode === 'print') return await runUpdate(options);
  const lock = await takeLock(`${options.path}.update.lock`);
  try {
    return await runUpdate(options);
  } finally {
    await lock.release();
  }
}

interface PinOptions extends Pick<UpdateOptions, 'path' | 'shippedPath'> {
  /** False = the pages may change them again. */
  isPinned?: boolean;
}

/** Marks models as the operator's own, which no page changes. Returns the ids that the catalogue does not have. */
export async function pinModels({ path, shippedPath, isPinned = true }: PinOptions, ids: readonly string[]) {
  const lock = await takeLock(`${path}.update.lock`);
  try {
    const { file } = await openCatalogue({ path, shippedPath });
    const isNamed = (model: RegistryFile['models'][number]) =>
      ids.includes(model.id) || ids.includes(`${model.provider}/${model.id}`);
    const models = file.models.map((model) =>
      isNamed(model) ? { ...model, provenance: { ...model.provenance, pinned: isPinned } } : model,
    );
    const found = file.models.filter(isNamed).flatMap(({ provider, id }) => [id, `${provider}/${id}`]);
    if (found.length > 0) await saveRegistry(path, { ...file, models });
    return ids.filter((id) => !found.includes(id));
  } finally {
    await lock.release();
  }
}

async function runUpdate(options: UpdateOptions): Promise<UpdateResult> {
  const { path, shippedPath, mode, now, progress = () => {} } = options;
  const { file: before, warnings } = await openCatalogue({ path, shippedPath });
  let memory = await loadMemory(memoryPathOf(path));
  const result: UpdateResult = { file: before, isChanged: false, events: [], outcomes: [], warnings };
  const feeds = await readAllFeeds(options, progress);

  for (const scraper of SCRAPERS) {
    const state = { file: result.file, memory: memory.providers[scraper.id] ?? newProviderMemory() };
    const run = await runProvider(scraper, state, { ...options, feeds, progress });
    result.file = run.state.file;
    memory.providers[scraper.id] = run.state.memory;
    result.events.push(...run.events);
    result.outcomes.push(run.outcome);
  }
  // Without a page nothing is known to be due: a run that reached nobody leaves the file alone.
  if (result.outcomes.every(({ status }) => status === 'failed') && isSameCatalogue(result.file, before)) return result;

  const compared = compareWithFeeds({ file: result.file, memory, feeds, now: now() });
  memory = compared.memory;
  const day = now().toISOString().slice(0, 10);
  const due = applyDue(compared.file.models, { since: before.generatedAt.slice(0, 10), day });
  result.events.push(...compared.events, ...due.events);
  const file = { ...result.file, models: due.models };
  result.isChanged = !isSameCatalogue(file, before);
  result.file = result.isChanged ? { ...file, generatedAt: now().toISOString() } : file;
  // Facts and feeds were put together from several pages; whether the whole still holds is asked once more.
  parseRegistryFile(JSON.stringify(result.file), 'the catalogue after the update');
  if (mode === 'write') await write(result, { path, memory });
  return result;
}

async function readAllFeeds({ folder, feeds = FEEDS, fetch }: UpdateOptions, progress: (at: SourceProgress) => void) {
  // Saved pages are of another day than the feeds.
  if (folder !== undefined) return [];
  for (const { id } of feeds) progress({ source: id, state: 'reading', message: '' });
  const found = await readFeeds(feeds, fetch);
  for (const { id, url } of feeds) {
    const isRead = found.some(({ feed }) => feed === id);
    const message = isRead ? `${url} was read.` : `${url} could not be read; it only confirms, so nothing is missing.`;
    progress({ source: id, state: isRead ? 'done' : 'failed', message });
  }
  return found;
}

function isSameCatalogue(one: RegistryFile, other: RegistryFile): boolean {
  return JSON.stringify(one.models) === JSON.stringify(other.models);
}

async function write(result: UpdateResult, { path, memory }: { path: string; memory: UpdateMemory }): Promise<void> {
  if (result.isChanged) await saveRegistry(path, result.file);
  // After the catalogue: a crash in between repeats a comparison, and loses no price.
  await saveMemory(memoryPathOf(path), memory);
}
