import { type LRU, lru } from 'tiny-lru';
import { tryParseJson } from '../../lib/json.ts';
import { answerAnthropic } from './anthropic/index.ts';
import { type Handler, isVendor, jsonReply, type Reply, type Stored, type Vendor } from './call.ts';
import { answerGoogle } from './google/index.ts';
import { answerOpenAi } from './openai/index.ts';
import { createPromptMemory } from './prompt-memory.ts';
import { createSender, type SenderStats } from './sender.ts';

const MAX_STORED = 200;
const VERSIONS: Record<Vendor, string> = { openai: 'v1', anthropic: 'v1', google: 'v1beta' };
const HANDLERS: Record<Vendor, Handler> = { openai: answerOpenAi, anthropic: answerAnthropic, google: answerGoogle };
const MODELS: Record<Vendor, readonly string[]> = {
  openai: ['gpt-5.4', 'gpt-5.4-mini', 'text-embedding-3-small'],
  anthropic: ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-4-5'],
  google: ['gemini-3.5-flash', 'gemini-2.5-pro', 'gemini-embedding-001'],
};

interface SimulatorOptions {
  /** 0 = any that is free. */
  port?: number;
  /** Milliseconds between the pieces of a stream; absent = 5 to 15, as a quick model. */
  gapMs?: number;
  /** What the vendors' lists of models name. Any other model is answered as well. */
  models?: Partial<Record<Vendor, readonly string[]>>;
}

export interface Simulator {
  /** The vendor's base address, with its version: what stands in a provider's `baseUrl`. */
  url(vendor: Vendor): string;
  stats(): SenderStats;
  /** Drops what is under way and frees the port. */
  stop(): Promise<void>;
}

/**
 * Starts a server on this machine's loopback that speaks the three vendors' wire formats, from their own rules and not from
 * our dialects, so that it can bear witness against them. Any key is accepted, none is not. What it answers is in `script.ts`;
 * what a prompt can make it do is in `directives.ts`.
 */
export function startSimulator({ port = 0, gapMs, models = {} }: SimulatorOptions = {}): Simulator {
  const sender = createSender(gapMs);
  const memory = createPromptMemory();
  const stored: LRU<Stored> = lru(MAX_STORED);

  async function answer(request: Request): Promise<Reply> {
    const url = new URL(request.url);
    const [, vendor = '', version, ...rest] = url.pathname.split('/');
    if (!isVendor(vendor) || version !== VERSIONS[vendor]) return jsonReply({ error: 'Not Found' }, { status: 404 });
    return HANDLERS[vendor]({
      method: request.method,
      path: decodePath(`/${rest.join('/')}`),
      query: url.searchParams,
      headers: request.headers,
      body: tryParseJson(await request.text()),
      memory,
      stored,
      models: models[vendor] ?? MODELS[vendor],
    });
  }

  const server = Bun.serve({
    hostname: '127.0.0.1',
    port,
    idleTimeout: 0,
    development: false,
    fetch: async (request) => sender.send(await answer(request), request.signal),
    // A caller who leaves while still sending, or JSON too deep to be written again.
    error: () => Response.json({ error: { message: 'The simulator could not handle this request.' } }, { status: 500 }),
  });
  return {
    url: (vendor) => `http://127.0.0.1:${server.port}/${vendor}/${VERSIONS[vendor]}`,
    stats: sender.stats,
    stop: async () => {
      sender.dropAll();
      await server.stop(true);
    },
  };
}

/** As `decodeURIComponent`, but any text will do. */
function decodePath(path: string): string {
  const escaped = path.replaceAll(/[+&]/g, (sign) => encodeURIComponent(sign));
  return new URLSearchParams(`path=${escaped}`).get('path') ?? '';
}
