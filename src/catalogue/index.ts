import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { applyDue } from '../../registry/due.ts';
import type { Feed } from '../../registry/feeds.ts';
import { createRegistry, type Registry } from '../../registry/load.ts';
import { type OpenedCatalogue, openCatalogue } from '../../registry/open-catalogue.ts';
import { applyOverrides, type ModelOverride } from '../../registry/override.ts';
import type { Fetch } from '../../registry/pages.ts';
import type { SourceProgress } from '../../registry/run-provider.ts';
import { CatalogueLocked, isLocked } from '../../registry/save.ts';
import type { Model, RegistryFile } from '../../registry/schema.ts';
import { SCRAPERS } from '../../registry/scrapers/index.ts';
import { pinModels, UPDATE_SOURCES, updateRegistry } from '../../registry/update.ts';
import { loadMemory, memoryPathOf, type UpdateMemory, type WaitingPrice } from '../../registry/update-memory.ts';
import type { Db } from '../db/client.ts';
import { findSetting, saveSetting } from '../db/queries/settings.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import {
  type ChangelogPage,
  type ChangelogQuery,
  type ChangeSource,
  readChangelog,
  recordEvents,
} from './changelog.ts';
import { createAgeWatch, type Freshness, freshnessOf } from './freshness.ts';
import { readSummary, summaryOf, type UpdateSummary } from './summary.ts';

export type { ChangelogPage, ChangelogQuery } from './changelog.ts';
export { recordEvents } from './changelog.ts';
export type { Freshness, FreshnessLevel } from './freshness.ts';
export type { UpdateSummary } from './summary.ts';

/** The day up to which the calendar's events are written down. */
const DAY_SETTING = 'catalogue:day';
const LAST_SETTING = 'catalogue:last';

interface CatalogueOptions {
  dataDir: string;
  shippedPath: string;
  /** Models of the operator's own servers, which no page speaks of. */
  ownModels: () => readonly Model[];
  /** What the operator says in place of the pages. */
  overrides?: () => readonly ModelOverride[];
  db: Db;
  now: Clock;
  log: Log;
  /** Whether old prices are worth a warning: not where the operator has turned their refresh off. */
  isWatched: boolean;
  fetch?: Fetch;
  feeds?: readonly Feed[];
}

export interface UpdateRequest {
  source: Extract<ChangeSource, 'job' | 'api'>;
  /** Ids of models, with or without their provider, whose held and quarantined prices are taken. */
  approve?: readonly string[];
  /** Providers whose page is taken although the guard does not believe it. */
  approveRuns?: readonly string[];
}

export interface CatalogueStatus {
  isRunning: boolean;
  startedAt: number | null;
  /** Every source of the update that runs, or of the last one since the start. */
  sources: SourceProgress[];
  /** The age of each provider's prices. */
  providers: Freshness[];
  /** Prices the operator may approve, by provider. */
  waiting: (WaitingPrice & { provider: string })[];
  last: UpdateSummary | null;
  /** When the catalogue in use was made. */
  generatedAt: string;
  models: number;
  pinned: string[];
}

export type Catalogue = Awaited<ReturnType<typeof createCatalogue>>;

/**
 * The catalogue in use and everything that changes it while the gateway runs: updates, pins, the file under another process's
 * hands, and the calendar. `registry()` is the one of now; whoever asks keeps what they were given, so a request under way is
 * priced by the catalogue it was routed with.
 */
export async function createCatalogue(options: CatalogueOptions) {
  const { dataDir, shippedPath, ownModels, overrides = () => [], db, now, log } = options;
  const path = join(dataDir, 'models.json');
  const watchAge = createAgeWatch(log);
  const listeners = new Set<(status: CatalogueStatus) => void>();
  let file: RegistryFile;
  let registry: Registry;
  let memory: UpdateMemory;
  let mark = '';
  let day = '';
  let running: { startedAt: number; finished: Promise<UpdateSummary> } | null = null;
  let sources = new Map<string, SourceProgress>();
  let last = readSummary(await findSetting(db, LAST_SETTING));

  const stopping = new AbortController();
  const fetchUntilStop: Fetch = (url, init) => {
    const signal = AbortSignal.any([stopping.signal, ...(init.signal ? [init.signal] : [])]);
    return (options.fetch ?? fetch)(url, { ...init, signal });
  };
  const today = () => new Date(now()).toISOString().slice(0, 10);

  function use(next: RegistryFile): void {
    file = next;
    day = today();
    // What is over by its day is over here, too, whether or not an update has written it down.
    const { models } = applyDue(next.models, { since: day, day });
    registry = createRegistry([...applyOverrides(models, overrides()), ...ownModels()]);
  }

  async function open(): Promise<OpenedCatalogue> {
    mark = await markOf(path);
    const opened = await openCatalogue({ path, shippedPath });
    memory = await loadMemory(memoryPathOf(path));
    for (const warning of opened.warnings) log.warn(warning);
    return opened;
  }

  function status(): CatalogueStatus {
    return {
      isRunning: isRunning(),
      startedAt: running?.startedAt ?? null,
      sources: [...sources.values()],
      providers: freshness(),
      waiting: Object.entries(memory.providers).flatMap(([provider, { waiting }]) =>
        waiting.map((price) => ({ provider, ...price })),
      ),
      last,
      generatedAt: file.generatedAt,
      models: registry.models.length,
      pinned: file.models.flatMap(({ provider, id, provenance }) => (provenance.pinned ? `${provider}/${id}` : [])),
    };
  }

  function freshness(): Freshness[] {
    return SCRAPERS.map(({ id }) => {
      const at = memory.providers[id]?.lastGood?.at;
      return freshnessOf(id, at === undefined ? null : Date.parse(at), now());
    });
  }

  function tell(): void {
    for (const listener of listeners) listener(status());
  }

  const isRunning = (): boolean => running !== null;

  /** Begins an update. Throws `conflict` while one runs, here or in another process. */
  async function start(request: UpdateRequest): Promise<{ finished: Promise<UpdateSummary> }> {
    const isElsewhere = running === null && (await isLocked(`${path}.update.lock`));
    if (isElsewhere || isRunning()) {
      throw new GatewayError(
        'conflict',
        'The catalogue is being updated already. GET /api/registry tells how far it is.',
      );
    }
    sources = new Map(UPDATE_SOURCES.map((source) => [source, { source, state: 'waiting', message: '' }]));
    const startedAt = now();
    running = { startedAt, finished: finish(request, startedAt) };
    tell();
    return running;
  }

  async function finish(request: UpdateRequest, startedAt: number): Promise<UpdateSummary> {
    try {
      last = await run(request, startedAt);
    } catch (error) {
      const isExpected = error instanceof CatalogueLocked;
      if (!isExpected) log.error('The update of the catalogue failed; everything is as it was.', error);
      const message = isExpected ? error.message : 'The update failed; the log says why.';
      last = summaryOf(request.source, { startedAt, endedAt: now(), error: message });
    }
    running = null;
    tell();
    await saveSetting(db, LAST_SETTING, JSON.stringify(last));
    return last;
  }

  async function run(request: UpdateRequest, startedAt: number): Promise<UpdateSummary> {
    const { source, approve = [], approveRuns = [] } = request;
    const result = await updateRegistry({
      path,
      shippedPath,
      approve,
      approveRuns,
      mode: 'write',
      fetch: fetchUntilStop,
      now: () => new Date(now()),
      ...(options.feeds && { feeds: options.feeds }),
      progress(progress) {
        sources.set(progress.source, progress);
        tell();
      },
    });
    for (const warning of result.warnings) log.warn(warning);
    mark = await markOf(path);
    memory = await loadMemory(memoryPathOf(path));
    use(result.file);
    await recordEvents(db, result.events, { source, at: now() });
    const { outcomes, events, isChanged } = result;
    if (isChanged)
      log.info(`The catalogue was brought up to date: ${events.length} events, ${file.models.length} models.`);
    return {
      ...summaryOf(request.source, { startedAt, endedAt: now(), error: null }),
      outcomes,
      events: events.length,
      isChanged,
    };
  }

  async function setPinned(ids: readonly string[], isPinned: boolean): Promise<void> {
    const unknown = ids.filter(
      (id) => !file.models.some((model) => model.id === id || `${model.provider}/${model.id}` === id),
    );
    if (unknown.length > 0)
      throw new GatewayError('not_found', `The catalogue has no model "${unknown.join('", "')}".`);
    try {
      await pinModels({ path, shippedPath, isPinned }, ids);
    } catch (error) {
      if (!(error instanceof CatalogueLocked)) throw error;
      throw new GatewayError('conflict', 'The catalogue is being updated. Try again when that is done.');
    }
    use((await open()).file);
    tell();
  }

  /** Writes down what the calendar has brought since it was last looked at. */
  async function followCalendar(): Promise<void> {
    const known = await findSetting(db, DAY_SETTING);
    const until = today();
    if (known === until) return;
    const since = known ?? file.generatedAt.slice(0, 10);
    const { events } = applyDue(file.models, { since, day: until });
    await recordEvents(db, events, { source: 'calendar', at: now() });
    await saveSetting(db, DAY_SETTING, until);
  }

  async function followFile(): Promise<void> {
    if (running || (await markOf(path)) === mark) return;
    const before = file;
    const opened = await open();
    // Half a file, or a damaged one, is no reason to go back to an older one.
    if (opened.warnings.length > 0) return;
    use(opened.file);
    if (before.generatedAt !== file.generatedAt)
      log.info(`The catalogue of ${path} was taken: ${file.models.length} models.`);
    tell();
  }

  use((await open()).file);

  return {
    /** The catalogue of now. Not to be kept: ask again for the next request. */
    registry: (): Registry => registry,
    /** Takes up what has changed of the operator's own models and words. */
    refresh: (): void => use(file),
    start,
    /** Begins an update and waits for its end. */
    update: async (request: UpdateRequest): Promise<UpdateSummary> => await (await start(request)).finished,
    status,
    freshness,
    /** Calls back with every change of the status. Returns what ends it. */
    subscribe(listener: (status: CatalogueStatus) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    pin: (ids: readonly string[]): Promise<void> => setPinned(ids, true),
    unpin: (ids: readonly string[]): Promise<void> => setPinned(ids, false),
    changelog: (query: ChangelogQuery = {}): Promise<ChangelogPage> => readChangelog(db, query),
    /** Takes over what has changed by itself: another process's file, the day, the age of the prices. */
    async follow(): Promise<void> {
      await followFile();
      if (day !== today()) use(file);
      await followCalendar();
      if (options.isWatched) watchAge(freshness());
    },
    /** Breaks off an update that is under way; what it had is left as it was. */
    async stop(): Promise<void> {
      stopping.abort();
      await running?.finished;
    },
  };
}

/** Tells one state of a file from another; empty where there is none. */
async function markOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : '';
}
