import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feed } from '../../registry/feeds.ts';
import type { Fetch } from '../../registry/pages.ts';
import { anthropicPage, catalogueOf, type PriceLine } from '../../registry/test-pages.ts';
import { openDatabase } from '../db/client.ts';
import { createCatalogue } from './index.ts';

export const LINES: PriceLine[] = [
  ['Claude Opus 5', 5, 6.25, 10, 0.5, 25],
  ['Claude Sonnet 5', 2, 2.5, 4, 0.2, 10],
  ['Claude Haiku 4.5', 1, 1.25, 2, 0.1, 5],
  ['Claude Sonnet 4.5', 3, 3.75, 6, 0.3, 15],
];

/** The same price list with one model's prices times a factor. */
export function scaled(name: string, factor: number): PriceLine[] {
  return LINES.map((line) => {
    const [own, input, write, long, read, output] = line;
    if (own !== name) return line;
    return [own, input * factor, write * factor, long * factor, read * factor, output * factor];
  });
}

interface FixtureOptions {
  /** The shipped catalogue's price lines; made by reading a page, as everything else is. */
  shipped?: readonly PriceLine[];
  feeds?: readonly Feed[];
}

/** A catalogue in a folder of its own, with a network of one price page and a clock that can be set. */
export async function createFixture({ shipped = LINES, feeds = [] }: FixtureOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'catalogue-service-'));
  const shippedPath = join(dataDir, 'shipped.json');
  await Bun.write(shippedPath, JSON.stringify(catalogueOf(shipped)));
  const logged: string[] = [];
  const state: { now: number; page: string | null; gate: Promise<void> } = {
    now: Date.parse('2026-11-23T03:00:00Z'),
    /** What the vendor's price page says; null = nobody is there. */
    page: anthropicPage(LINES).text,
    /** Holds every answer back until it resolves. */
    gate: Promise.resolve(),
  };
  const fetch: Fetch = async (url, { signal }) => {
    signal?.throwIfAborted();
    const cut = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    await Promise.race([state.gate, cut]);
    if (state.page === null || !url.includes('about-claude/pricing')) throw new TypeError('nobody is there');
    return new Response(state.page);
  };
  const db = openDatabase(':memory:');
  const open = () =>
    createCatalogue({
      dataDir,
      shippedPath,
      ownModels: () => [],
      db,
      now: () => state.now,
      log: {
        info: () => {},
        warn: (message) => void logged.push(`warning: ${message}`),
        error: (message) => void logged.push(`error: ${message}`),
      },
      isWatched: true,
      fetch,
      feeds,
    });
  return {
    state,
    db,
    dataDir,
    shippedPath,
    logged,
    open,
    catalogue: await open(),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}
