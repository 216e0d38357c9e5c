import type { CacheMarker } from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/** A request with more breakpoints is refused. https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const MAX_BREAKPOINTS = 4;
const SHORT_TTL_SECONDS = 300;
const LONG_TTL_SECONDS = 3600;

/** A marker in our words; none for kinds of caching nobody has described yet. */
export function parseCacheControl(value: unknown): CacheMarker | undefined {
  if (!isJsonObject(value) || value.type !== 'ephemeral') return undefined;
  if (value.ttl === '1h') return { ttlSeconds: LONG_TTL_SECONDS };
  return value.ttl === '5m' ? { ttlSeconds: SHORT_TTL_SECONDS } : {};
}

function renderCacheControl({ ttlSeconds }: CacheMarker): JsonObject {
  if (ttlSeconds === undefined) return { type: 'ephemeral' };
  return { type: 'ephemeral', ttl: ttlSeconds > SHORT_TTL_SECONDS ? '1h' : '5m' };
}

/** Puts cache markers on rendered blocks, which must be handed over in the order tools, system, messages. */
export function createBreakpoints() {
  const marked: JsonObject[] = [];

  function mark(block: JsonObject, marker: CacheMarker | undefined): JsonObject {
    if (!marker) return block;
    block.cache_control = renderCacheControl(marker);
    marked.push(block);
    return block;
  }

  /** Takes back all but the last four, which cover the longest prefixes; true when any had to go. */
  function trim(): boolean {
    const surplus = marked.slice(0, -MAX_BREAKPOINTS);
    for (const block of surplus) delete block.cache_control;
    return surplus.length > 0;
  }

  return { mark, trim };
}
export type Breakpoints = ReturnType<typeof createBreakpoints>;
