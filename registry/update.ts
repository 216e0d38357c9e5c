import { access, readFile } from 'node:fs/promises';
import { applyDue } from './due.ts';
import type { RegistryEvent } from './events.ts';
import { parseRegistryFile } from './load.ts';
import { type Fetch, fetchPage, readSavedPages } from './pages.ts';
import { type RunState, readRun } from './read-run.ts';
import { saveRegistry, takeLock } from './save.ts';
import type { RegistryFile } from './schema.ts';
import { SCRAPERS } from './scrapers/index.ts';
import type { Scraper } from './scrapers/scraper.ts';
import { loadMemory, newProviderMemory, saveMemory, type UpdateMemory } from './update-memory.ts';

export interface UpdateOptions {
  /** The catalogue in use. It is written, and its memory beside it. */
  path: string;
  /** Read instead while there is no file at `path` yet. */
  shippedPath: string;
  /** A folder of saved pages to read instead of the vendors' own. */
  folder?: string | undefined;
  /** Ids of models, `gpt-5.5` or `openai/gpt-5.5`, whose held and quarantined prices are taken. */
  approve?: readonly string[];
  /** `print` finds out what would change and writes nothing. */
  mode: 'write' | 'print';
  fetch: Fetch;
  now: () => Date;
}

/** What became of one provider: its prices are true as of this run, or kept, and why. */
export interface ProviderOutcome {
  provider: string;
  status: 'updated' | 'unchanged' | 'failed';
  message: string;
}

export interface UpdateResult {
  file: RegistryFile;
  /** Whether the catalogue was, or with `print` would be, written. */
  isChanged: boolean;
  events: RegistryEvent[];
  outcomes: ProviderOutcome[];
}

/**
 * Brings the catalogue up to the vendors' price pages. One provider's failure never touches another's models, nor its own:
 * what cannot be believed leaves everything as it was. Throws `CatalogueLocked` while another update runs.
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

/** Marks models as the operator's own, which no page changes. Returns the ids that the catalogue does not have. */
export async function pinModels(
  { path, shippedPath }: Pick<UpdateOptions, 'path' | 'shippedPath'>,
  ids: readonly string[],
): Promise<string[]> {
  const lock = await takeLock(`${path}.update.lock`);
  try {
    const file = await readCatalogue(path, shippedPath);
    const isNamed = (model: RegistryFile['models'][number]) =>
      ids.includes(model.id) || ids.includes(`${model.provider}/${model.id}`);
    const models = file.models.map((model) =>
      isNamed(model) ? { ...model, provenance: { ...model.provenance, pinned: true } } : model,
    );
    const found = file.models.filter(isNamed).flatMap(({ provider, id }) => [id, `${provider}/${id}`]);
    if (found.length > 0) await saveRegistry(path, { ...file, models });
    return ids.filter((id) => !found.includes(id));
  } finally {
    await lock.release();
  }
}

async function runUpdate(options: UpdateOptions): Promise<UpdateResult> {
  const { path, shippedPath, mode, now } = options;
  const memoryPath = `${path.replace(/\.json$/, '')}.memory.json`;
  const before = await readCatalogue(path, shippedPath);
  const memory = await loadMemory(memoryPath);
  const result: UpdateResult = { file: before, isChanged: false, events: [], outcomes: [] };

  for (const scraper of SCRAPERS) {
    const state = { file: result.file, memory: memory.providers[scraper.id] ?? newProviderMemory() };
    const run = await runProvider(scraper, state, options);
    result.file = run.state.file;
    memory.providers[scraper.id] = run.state.memory;
    result.events.push(...run.events);
    result.outcomes.push(run.outcome);
  }
  // Without a page nothing is known to be due: a run that reached nobody leaves the file alone.
  if (result.outcomes.every(({ status }) => status === 'failed')) return result;

  const day = now().toISOString().slice(0, 10);
  const due = applyDue(result.file.models, { since: before.generatedAt.slice(0, 10), day });
  result.events.push(...due.events);
  result.isChanged = JSON.stringify(due.models) !== JSON.stringify(before.models);
  result.file = { ...result.file, models: due.models, ...(result.isChanged && { generatedAt: now().toISOString() }) };
  if (mode === 'write') await write(result, { path, memoryPath, memory });
  return result;
}

async function write(
  result: UpdateResult,
  to: { path: string; memoryPath: string; memory: UpdateMemory },
): Promise<void> {
  if (result.isChanged) await saveRegistry(to.path, result.file);
  // After the catalogue: a crash in between repeats a comparison, and loses no price.
  await saveMemory(to.memoryPath, to.memory);
}

interface ProviderRun {
  state: RunState;
  events: RegistryEvent[];
  outcome: ProviderOutcome;
}

async function runProvider(scraper: Scraper, state: RunState, options: UpdateOptions): Promise<ProviderRun> {
  return options.folder === undefined
    ? await runOnline(scraper, state, options)
    : await runSaved(scraper, state, { ...options, folder: options.folder });
}

/** The best source that is believed; the ones behind it are for when it is not. */
async function runOnline(
  scraper: Scraper,
  state: RunState,
  { fetch, now, approve }: UpdateOptions,
): Promise<ProviderRun> {
  const { id: provider } = scraper;
  const reasons: string[] = [];
  const events: RegistryEvent[] = [];
  for (const source of scraper.sources()) {
    const found = await fetchPage(source, { fetch, memory: state.memory, now: now().toISOString() });
    if (found.type === 'failed') {
      reasons.push(found.reason);
      continue;
    }
    if (found.type === 'unchanged')
      return {
        state: touch(state, now),
        events,
        outcome: { provider, status: 'unchanged', message: `${source.url} has not changed.` },
      };
    const run = readRun(found.page, scraper, { ...state, approved: approvedOf(provider, approve) });
    if (run.type === 'taken') {
      return {
        state: run.state,
        events: [...events, ...run.events],
        outcome: { provider, status: 'updated', message: `${source.url} was read.` },
      };
    }
    reasons.push(...run.reasons);
    events.push({ type: 'run_rejected', reasons: run.reasons, provider, provenance: run.provenance });
  }
  return { state, events, outcome: { provider, status: 'failed', message: reasons.join(' ') } };
}

function touch({ file, memory }: RunState, now: () => Date): RunState {
  const { lastGood } = memory;
  return { file, memory: { ...memory, lastGood: lastGood && { ...lastGood, at: now().toISOString() } } };
}

/** Every saved page in turn, each against what the ones before it left. */
async function runSaved(
  scraper: Scraper,
  start: RunState,
  { folder, approve }: UpdateOptions & { folder: string },
): Promise<ProviderRun> {
  const { id: provider } = scraper;
  const pages = await readSavedPages(folder, provider);
  const events: RegistryEvent[] = [];
  let state = start;
  let taken = 0;
  const reasons: string[] = [];
  for (const page of pages) {
    const run = readRun(page, scraper, { ...state, approved: approvedOf(provider, approve) });
    if (run.type === 'taken') {
      state = run.state;
      taken++;
      events.push(...run.events);
    } else {
      reasons.push(`${page.url}: ${run.reasons.join(' ')}`);
      events.push({
        type: 'run_rejected',
        reasons: [`${page.url}:`, ...run.reasons],
        provider,
        provenance: run.provenance,
      });
    }
  }
  if (pages.length === 0) reasons.push(`There are no saved price pages of ${provider} in ${folder}.`);
  if (taken === 0) return { state, events, outcome: { provider, status: 'failed', message: reasons.join(' ') } };
  return {
    state,
    events,
    outcome: { provider, status: 'updated', message: `${taken} of ${pages.length} saved pages were read.` },
  };
}

function approvedOf(provider: string, approve: readonly string[] = []): Set<string> {
  return new Set(approve.map((id) => (id.startsWith(`${provider}/`) ? id.slice(provider.length + 1) : id)));
}

async function readCatalogue(path: string, shippedPath: string): Promise<RegistryFile> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  const from = isThere ? path : shippedPath;
  return parseRegistryFile(await readFile(from, 'utf8'), from);
}
