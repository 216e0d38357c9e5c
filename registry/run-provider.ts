import { createHash } from 'node:crypto';
import type { RegistryEvent } from './events.ts';
import { applyFacts } from './facts/apply-facts.ts';
import type { FactPage } from './facts/fact-page.ts';
import { FACT_PAGES } from './facts/index.ts';
import { confirmedBy, type FeedPrices } from './feeds.ts';
import type { Offer } from './offers.ts';
import { type Fetch, fetchPage, type Page, readSavedPages } from './pages.ts';
import { type RunResult, type RunState, readRun, replaceModels } from './read-run.ts';
import type { Scraper } from './scrapers/scraper.ts';

/** What became of one provider: its prices are true as of this run, or kept, and why. */
export interface ProviderOutcome {
  provider: string;
  status: 'updated' | 'unchanged' | 'failed';
  message: string;
}

/** How far an update is with one of its sources. */
export interface SourceProgress {
  /** `openai/prices`, `anthropic/overview`, `litellm`. */
  source: string;
  state: 'waiting' | 'reading' | 'done' | 'failed';
  message: string;
}

export interface RunOptions {
  fetch: Fetch;
  now: () => Date;
  /** A folder of saved pages to read instead of the vendors' own. */
  folder?: string | undefined;
  /** Ids of models, `gpt-5.5` or `openai/gpt-5.5`, whose held and quarantined prices are taken. */
  approve?: readonly string[];
  /** Providers whose page is taken although the guard does not believe it. */
  approveRuns?: readonly string[];
  feeds: readonly FeedPrices[];
  progress: (progress: SourceProgress) => void;
}

export interface ProviderRun {
  state: RunState;
  events: RegistryEvent[];
  outcome: ProviderOutcome;
}

/** Everything of one provider: its prices first, then what its other pages say of life cycles and limits. */
export async function runProvider(scraper: Scraper, state: RunState, options: RunOptions): Promise<ProviderRun> {
  if (options.folder !== undefined) return await runSaved(scraper, state, { ...options, folder: options.folder });
  const source = `${scraper.id}/prices`;
  options.progress({ source, state: 'reading', message: '' });
  const run = await runPrices(scraper, state, options);
  const { status, message } = run.outcome;
  options.progress({ source, state: status === 'failed' ? 'failed' : 'done', message });
  for (const page of FACT_PAGES.filter(({ provider }) => provider === scraper.id)) {
    options.progress({ source: page.id, state: 'reading', message: '' });
    const facts = await runFacts(page, run.state, options);
    run.state = facts.state;
    run.events.push(...facts.events);
    options.progress({ source: page.id, state: facts.isRead ? 'done' : 'failed', message: facts.message });
  }
  return run;
}

/** The best source that is believed; the ones behind it are for when it is not. */
async function runPrices(scraper: Scraper, state: RunState, options: RunOptions): Promise<ProviderRun> {
  const { id: provider } = scraper;
  const { fetch, now } = options;
  const reasons: string[] = [];
  const events: RegistryEvent[] = [];
  for (const source of scraper.sources()) {
    const known = mustSeeAgain(scraper, state, options) ? null : state.memory.lastGood;
    const found = await fetchPage(source, { fetch, known, now: now().toISOString() });
    if (found.type === 'failed') {
      reasons.push(found.reason);
      continue;
    }
    if (found.type === 'unchanged') {
      const message = `${source.url} has not changed.`;
      return { state: touch(state, now), events, outcome: { provider, status: 'unchanged', message } };
    }
    const run = read(found.page, scraper, { state, options });
    if (run.type === 'taken') {
      const message = `${source.url} was read.`;
      return {
        state: run.state,
        events: [...events, ...run.events],
        outcome: { provider, status: 'updated', message },
      };
    }
    reasons.push(...run.reasons);
    events.push({ type: 'run_rejected', reasons: run.reasons, provider, provenance: run.provenance });
  }
  return { state, events, outcome: { provider, status: 'failed', message: reasons.join(' ') } };
}

/** What waits for a second look, or has just been approved, has to see the page again, changed or not. */
function mustSeeAgain({ id }: Scraper, { memory }: RunState, { approve = [], approveRuns = [] }: RunOptions): boolean {
  if (approve.length > 0 || approveRuns.includes(id)) return true;
  return Object.keys(memory.held).length > 0 || Object.keys(memory.missing).length > 0;
}

function touch({ file, memory }: RunState, now: () => Date): RunState {
  const { lastGood } = memory;
  return { file, memory: { ...memory, lastGood: lastGood && { ...lastGood, at: now().toISOString() } } };
}

function read(
  page: Page,
  scraper: Scraper,
  { state, options: { approve = [], approveRuns = [], feeds } }: { state: RunState; options: RunOptions },
): RunResult {
  const { id: provider } = scraper;
  const day = page.fetchedAt.slice(0, 10);
  return readRun(page, scraper, {
    ...state,
    approved: new Set(approve.map((id) => (id.startsWith(`${provider}/`) ? id.slice(provider.length + 1) : id))),
    isRunApproved: approveRuns.includes(provider),
    confirms: (offer: Offer) => confirmedBy(offer, { provider, day, feeds }),
  });
}

/** A page of facts from where it can be had. One that cannot be had, or is not believed, changes nothing. */
async function runFacts(page: FactPage, state: RunState, { fetch, now }: RunOptions) {
  const events: RegistryEvent[] = [];
  const reasons: string[] = [];
  for (const source of page.sources) {
    const found = await fetchPage(source, { fetch, known: null, now: now().toISOString() });
    if (found.type !== 'page') {
      if (found.type === 'failed') reasons.push(found.reason);
      continue;
    }
    const run = readFacts(found.page, page, state);
    events.push(...run.events);
    if (run.state !== null) return { state: run.state, events, isRead: true, message: `${source.url} was read.` };
    reasons.push(run.reason);
  }
  return { state, events, isRead: false, message: reasons.join(' ') };
}

function readFacts({ text, url, fetchedAt }: Page, page: FactPage, { file, memory }: RunState) {
  const { provider, id } = page;
  const sha256 = createHash('sha256').update(text).digest('hex');
  const provenance = { url, fetchedAt, sha256, parser: id };
  const parsed = page.parse(text, fetchedAt.slice(0, 10));
  const models = file.models.filter((model) => model.provider === provider);
  const result = parsed
    ? applyFacts({ models, parsed, provider, provenance })
    : { type: 'rejected' as const, reasons: ['The page is not the one that was asked for, or has another shape.'] };
  if (result.type === 'rejected') {
    const { reasons } = result;
    const event: RegistryEvent = { type: 'run_rejected', reasons: [`${id}:`, ...reasons], provider, provenance };
    return { state: null, events: [event], reason: reasons.join(' ') };
  }
  const state = {
    file: { ...file, models: replaceModels(file, result.models, provider) },
    memory: { ...memory, facts: { ...memory.facts, [id]: { at: fetchedAt, sha256 } } },
  };
  return { state, events: result.events, reason: '' };
}

/** Every saved page in turn, of prices and of facts, each against what the ones before it left. */
async function runSaved(
  scraper: Scraper,
  start: RunState,
  options: RunOptions & { folder: string },
): Promise<ProviderRun> {
  const { id: provider } = scraper;
  const { folder } = options;
  const prices = await readSavedPages(folder, provider);
  const others = await Promise.all(
    FACT_PAGES.filter((page) => page.provider === provider).map(async (page) => {
      return (await readSavedPages(folder, provider, page.fileName)).map((saved) => ({ saved, page }));
    }),
  );
  const pages = [...prices.map((saved) => ({ saved, page: null })), ...others.flat()].sort((a, b) =>
    a.saved.fetchedAt.localeCompare(b.saved.fetchedAt),
  );
  const events: RegistryEvent[] = [];
  const reasons: string[] = [];
  let state = start;
  let taken = 0;
  for (const { saved, page } of pages) {
    if (page) {
      const run = readFacts(saved, page, state);
      state = run.state ?? state;
      events.push(...run.events);
      continue;
    }
    const run = read(saved, scraper, { state, options });
    if (run.type === 'taken') {
      state = run.state;
      taken++;
      events.push(...run.events);
    } else {
      reasons.push(`${saved.url}: ${run.reasons.join(' ')}`);
      const rejected = [`${saved.url}:`, ...run.reasons];
      events.push({ type: 'run_rejected', reasons: rejected, provider, provenance: run.provenance });
    }
  }
  if (prices.length === 0) reasons.push(`There are no saved price pages of ${provider} in ${folder}.`);
  if (taken === 0) return { state, events, outcome: { provider, status: 'failed', message: reasons.join(' ') } };
  const message = `${taken} of ${prices.length} saved pages were read.`;
  return { state, events, outcome: { provider, status: 'updated', message } };
}
