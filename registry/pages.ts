import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageSource } from './scrapers/scraper.ts';

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 3_000_000;
const USER_AGENT = 'llm-gateway-catalogue/1.0';

/** A page as it was found. */
export interface Page {
  url: string;
  text: string;
  fetchedAt: string;
  etag: string | null;
  lastModified: string | null;
}

export type PageResult = { type: 'page'; page: Page } | { type: 'unchanged' } | { type: 'failed'; reason: string };

/** What is used of `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The page of the last good run, for the server to compare. */
interface KnownPage {
  url: string;
  etag: string | null;
  lastModified: string | null;
}

/** Fetches a page, or learns that it is the one that is known. Never throws. */
export async function fetchPage(
  source: PageSource,
  { fetch, known, now }: { fetch: Fetch; known: KnownPage | null; now: string },
): Promise<PageResult> {
  const { url } = source;
  try {
    const headers = { 'user-agent': USER_AGENT, accept: source.contentType, ...conditionsFor(url, known) };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status === 304) return { type: 'unchanged' };
    if (!response.ok) {
      await response.body?.cancel();
      return { type: 'failed', reason: `${url} answered with ${response.status}.` };
    }
    const text = await readBody(response, MAX_BYTES);
    if (text === null) return { type: 'failed', reason: `${url} is larger than ${MAX_BYTES / 1_000_000} MB.` };
    const { headers: sent } = response;
    return {
      type: 'page',
      page: { url, text, fetchedAt: now, etag: sent.get('etag'), lastModified: sent.get('last-modified') },
    };
  } catch (error) {
    return {
      type: 'failed',
      reason: `${url} could not be reached: ${error instanceof Error ? error.message : String(error)}.`,
    };
  }
}

function conditionsFor(url: string, known: KnownPage | null): Record<string, string> {
  if (known?.url !== url) return {};
  return {
    ...(known.etag && { 'if-none-match': known.etag }),
    ...(known.lastModified && { 'if-modified-since': known.lastModified }),
  };
}

/** The text of a response; null once it is larger than it may be. */
export async function readBody(response: Response, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** How saved pages are called that are not about prices. */
const OTHER_PAGES = /deprecations|models-overview|model-ids/;

/**
 * Saved pages of a provider in the order of their days: its price pages, or those whose names are of another `kind`. They are
 * the files of `DIR/<provider>/`, where price pages have "pricing" in their names, and those of `DIR` that begin with the
 * provider's id. A name that begins with a day says when it was saved; otherwise the file's own time does.
 */
export async function readSavedPages(folder: string, provider: string, kind?: RegExp): Promise<Page[]> {
  const isInside = (name: string) => (kind ? kind.test(name) : name.includes('pricing'));
  const isBeside = (name: string) => name.startsWith(provider) && (kind ? kind.test(name) : !OTHER_PAGES.test(name));
  const inside = (await listFiles(join(folder, provider))).filter(isInside);
  const beside = (await listFiles(folder)).filter(isBeside);
  const paths = [...inside.map((name) => join(folder, provider, name)), ...beside.map((name) => join(folder, name))];
  const pages = await Promise.all(paths.map(readSavedPage));
  return pages.sort((a, b) => a.fetchedAt.localeCompare(b.fetchedAt) || a.url.localeCompare(b.url));
}

async function readSavedPage(path: string): Promise<Page> {
  const day = /(?:^|\/)(\d{4}-\d{2}-\d{2})[^/]*$/.exec(path)?.[1];
  const fetchedAt = day ? `${day}T00:00:00.000Z` : (await stat(path)).mtime.toISOString();
  return { url: path, text: await readFile(path, 'utf8'), fetchedAt, etag: null, lastModified: null };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() && /\.(md|txt|html?)$/.test(entry.name)).map(({ name }) => name);
}
