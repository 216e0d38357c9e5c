import { NO_USAGE, type Usage, type UsageExtras } from '../../chat/usage.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { readLegs } from './usage-legs.ts';
import type { WireUsage } from './wire.ts';

const TIERS = ['standard', 'priority', 'batch'];

/**
 * Counts of a reply. `input_tokens` excludes what was read from or written to the cache; `output_tokens` includes thoughts.
 * In a stream the last report wins and the first fills what it leaves out: it is cumulative and, with tools the provider
 * runs itself, larger than the first; but it does not split cache writes by their time to live, and older models tell only
 * the output in it.
 */
export function parseUsage(first: WireUsage | null | undefined, last?: WireUsage | null): Usage {
  const pick = <K extends keyof WireUsage>(key: K) => last?.[key] ?? first?.[key] ?? undefined;
  const { summaries, calls } = readLegs(pick('iterations') ?? []);
  const usage = [parseCounts(pick), ...summaries.map((leg) => parseCounts((key) => leg[key] ?? undefined))].reduce(add);
  const tier = tierOf(pick('speed'), pick('service_tier'));
  if (tier) usage.serviceTier = tier;

  const webSearch = pick('server_tool_use')?.web_search_requests ?? 0;
  if (webSearch > 0) calls.webSearch = webSearch;
  const extras: UsageExtras = {
    ...(Object.keys(calls).length > 0 ? { calls } : {}),
    ...(pick('inference_geo') === 'us' ? { multiplier: 'usInference' } : {}),
  };
  if (Object.keys(extras).length > 0) usage.extras = extras;
  return usage;
}

type Pick = <K extends keyof WireUsage>(key: K) => WireUsage[K] | undefined;

function parseCounts(pick: Pick): Usage {
  const split = pick('cache_creation');
  const output = pick('output_tokens') ?? 0;
  return {
    ...NO_USAGE,
    input: pick('input_tokens') ?? 0,
    cacheRead: pick('cache_read_input_tokens') ?? 0,
    ...splitCacheWrites(
      pick('cache_creation_input_tokens') ?? undefined,
      split?.ephemeral_5m_input_tokens ?? 0,
      split?.ephemeral_1h_input_tokens ?? 0,
    ),
    output,
    reasoning: Math.min(pick('output_tokens_details')?.thinking_tokens ?? 0, output),
  };
}

function add(sum: Usage, more: Usage): Usage {
  return {
    ...sum,
    input: sum.input + more.input,
    cacheRead: sum.cacheRead + more.cacheRead,
    cacheWriteShort: sum.cacheWriteShort + more.cacheWriteShort,
    cacheWriteLong: sum.cacheWriteLong + more.cacheWriteLong,
    output: sum.output + more.output,
  };
}

/**
 * Fast mode is billed by a price list of its own, whatever tier the capacity came from. `priority` is capacity bought ahead,
 * and none of the tiers that others call so.
 */
function tierOf(speed: string | null | undefined, tier: string | null | undefined): string | null | undefined {
  if (speed === 'fast') return 'fast';
  return tier === 'priority' ? 'committed' : tier;
}

function splitCacheWrites(total: number | undefined, short: number, long: number) {
  if (total === undefined || total === short + long) return { cacheWriteShort: short, cacheWriteLong: long };
  const isAllLong = long > 0 && short === 0;
  const cacheWriteLong = isAllLong ? total : Math.min(long, total);
  return { cacheWriteShort: total - cacheWriteLong, cacheWriteLong };
}

/** The counts of a whole message, also those at the start of a stream. */
export function renderUsage(usage: Usage): JsonObject {
  return withoutUndefined({
    input_tokens: usage.input + usage.audioInput,
    cache_creation_input_tokens: usage.cacheWriteShort + usage.cacheWriteLong,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteShort,
      ephemeral_1h_input_tokens: usage.cacheWriteLong,
    },
    output_tokens: usage.output + usage.audioOutput,
    output_tokens_details: renderDetails(usage),
    service_tier: usage.serviceTier && TIERS.includes(usage.serviceTier) ? usage.serviceTier : 'standard',
  });
}

/** The counts at the end of a stream, all of them, because the start may have had to be sent before any was known. */
export function renderFinalUsage(usage: Usage): JsonObject {
  return withoutUndefined({
    input_tokens: usage.input + usage.audioInput,
    cache_creation_input_tokens: usage.cacheWriteShort + usage.cacheWriteLong,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens: usage.output + usage.audioOutput,
    output_tokens_details: renderDetails(usage),
  });
}

function renderDetails({ reasoning }: Usage): JsonObject | undefined {
  return reasoning > 0 ? { thinking_tokens: reasoning } : undefined;
}
