import { createHash } from 'node:crypto';
import type { PageProvenance, RegistryEvent } from './events.ts';
import { findOddities, findRejections } from './guard.ts';
import { parseRegistryFile, RegistryError } from './load.ts';
import { mergePage } from './merge.ts';
import { type Offer, toOffers } from './offers.ts';
import type { Page } from './pages.ts';
import type { RegistryFile } from './schema.ts';
import { findRefusal } from './scrapers/refused-page.ts';
import type { Scraper } from './scrapers/scraper.ts';
import type { ProviderMemory } from './update-memory.ts';

export interface RunState {
  file: RegistryFile;
  memory: ProviderMemory;
}

/** What the operator and other catalogues say to a run. */
export interface RunWishes {
  /** Ids of models whose held and quarantined prices are taken. */
  approved: ReadonlySet<string>;
  /** The page is taken although the guard does not believe it. What is no price page at all is still not taken. */
  isRunApproved?: boolean;
  /** Whether a catalogue of somebody else has the same prices. */
  confirms?: (offer: Offer) => boolean;
}

/** A page's outcome: the catalogue after it, or why it is not believed. */
export type RunResult =
  | { type: 'taken'; state: RunState; events: RegistryEvent[] }
  | { type: 'rejected'; reasons: string[]; provenance: PageProvenance };

/**
 * One page into the catalogue: shape, rows, guard, merge, and the check every catalogue has to pass. It has no side effects:
 * the same page, catalogue and memory always give the same result. Never throws.
 */
export function readRun(page: Page, scraper: Scraper, { file, memory, ...wishes }: RunState & RunWishes): RunResult {
  const sha256 = createHash('sha256').update(page.text).digest('hex');
  const provenance = { url: page.url, fetchedAt: page.fetchedAt, sha256, parser: scraper.id };
  const reject = (...reasons: string[]): RunResult => ({ type: 'rejected', reasons, provenance });
  try {
    const shape = scraper.detectShape(page.text);
    if (shape === null)
      return reject(findRefusal(page.text) ?? 'The page has no shape that is known: its price tables were not found.');
    if (memory.lastGood && page.fetchedAt < memory.lastGood.at)
      return reject('The page is older than the last one that was read.');
    provenance.parser = `${scraper.id}/${shape}`;
    return takePage({ page, scraper, shape, provenance }, { file, memory, ...wishes }, reject);
  } catch (error) {
    return reject(`The page could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface KnownPage {
  page: Page;
  scraper: Scraper;
  shape: string;
  provenance: PageProvenance;
}

function takePage(
  { page, scraper, shape, provenance }: KnownPage,
  { file, memory, approved, isRunApproved = false, confirms = () => false }: RunState & RunWishes,
  reject: (...reasons: string[]) => RunResult,
): RunResult {
  const provider = scraper.id;
  const parsed = scraper.parse(page.text, shape);
  const models = file.models.filter((model) => model.provider === provider);
  const offers = toOffers(parsed.rows, models);
  const day = page.fetchedAt.slice(0, 10);
  const reasons = findRejections({ scraper, parsed, offers, models, memory, shape, day });
  if (reasons.length > 0 && (!isRunApproved || offers.length === 0)) return reject(...reasons);

  const unread = new Set(parsed.unread);
  const merged = mergePage({ provider, models, offers, unread, memory, shape, provenance, approved, confirms });
  const next: RegistryFile = { ...file, models: replaceModels(file, merged.models, provider) };
  try {
    parseRegistryFile(JSON.stringify(next), 'the catalogue with this page');
  } catch (error) {
    if (error instanceof RegistryError) return reject(...error.problems);
    throw error;
  }
  const { etag, lastModified, url, fetchedAt: at } = page;
  const lastGood = { at, url, sha256: provenance.sha256, shape, etag, lastModified };
  const told: RegistryEvent[] = [
    ...parsed.quarantined.map((problem) => ({ type: 'row_quarantined' as const, ...problem, provider, provenance })),
    ...parsed.errors.map((problem) => ({ type: 'row_error' as const, ...problem, provider, provenance })),
    ...[...parsed.warnings, ...findOddities(offers)].map((message) => ({
      type: 'page_warning' as const,
      message,
      provider,
      provenance,
    })),
  ];
  return {
    type: 'taken',
    state: { file: next, memory: { ...merged.memory, lastGood } },
    events: [...merged.events, ...told],
  };
}

/** A provider's models in their places, new ones behind the provider's last. */
export function replaceModels(
  file: RegistryFile,
  models: RegistryFile['models'],
  provider: string,
): RegistryFile['models'] {
  const at = file.models.findLastIndex((model) => model.provider === provider);
  const byId = new Map(models.map((model) => [model.id, model]));
  const kept = file.models.map((model) => (model.provider === provider ? (byId.get(model.id) ?? model) : model));
  const known = new Set(file.models.flatMap((model) => (model.provider === provider ? model.id : [])));
  const added = models.filter(({ id }) => !known.has(id));
  return at === -1 ? [...kept, ...added] : [...kept.slice(0, at + 1), ...added, ...kept.slice(at + 1)];
}
