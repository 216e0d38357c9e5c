import type { Golden } from './golden.ts';

function server(
  name: string,
  costs: number | null,
  usage: Record<string, unknown> | undefined,
  fields: Partial<Golden> = {},
): Golden {
  const last = { isUsageLast: false };
  return {
    name,
    wire: 'openai-chat',
    model: 'server/paid',
    usage: usage as Record<string, unknown>,
    costs,
    ...last,
    ...fields,
  };
}

const counts = (prompt_tokens: number, completion_tokens: number) => ({
  prompt_tokens,
  completion_tokens,
  total_tokens: prompt_tokens + completion_tokens,
});

/** Servers that speak OpenAI's dialect with an accent. */
export const SERVERS: Golden[] = [
  server('vLLM: nothing but the three counts', 15 * 600 + 19 * 1_700, counts(15, 19)),
  server('Ollama: free is free', 0, counts(1_000, 100), { model: 'server/free' }),
  server('free is free in any tier', 0, counts(1_000, 100), {
    model: 'server/free',
    reply: { service_tier: 'priority' },
  }),
  server('a model nobody gave a price', null, counts(1_000, 100), { model: 'server/unheard-of' }),
  server(
    'a server without a cheaper cache',
    1_000 * 600 + 10 * 1_700,
    { ...counts(1_000, 10), cached_tokens: 900 },
    {
      model: 'server/uncached',
    },
  ),
  server('DeepSeek: cached tokens by the names of hit and miss', 235 * 600 + 640 * 60 + 79 * 1_700, {
    ...counts(875, 79),
    prompt_cache_hit_tokens: 640,
    prompt_cache_miss_tokens: 235,
    completion_tokens_details: { reasoning_tokens: 26 },
  }),
  server('Moonshot: cached tokens beside the others', 100 * 600 + 900 * 60 + 10 * 1_700, {
    ...counts(1_000, 10),
    cached_tokens: 900,
  }),
  server('Mistral: cached tokens by number', 1 * 600 + 174 * 60 + 39 * 1_700, {
    ...counts(175, 39),
    num_cached_tokens: 174,
  }),
  server('xAI: thoughts beside the completion, in the total only', 279 * 600 + 153 * 60 + (68 + 136) * 1_700, {
    prompt_tokens: 432,
    completion_tokens: 68,
    total_tokens: 636,
    prompt_tokens_details: { text_tokens: 432, audio_tokens: 0, image_tokens: 0, cached_tokens: 153 },
    completion_tokens_details: { reasoning_tokens: 136, audio_tokens: 0 },
    num_sources_used: 0,
    cost_in_usd_ticks: 1_234,
  }),
  server("Google's compatible endpoint: thoughts in the total only", 35 * 600 + (12 + 62) * 1_700, {
    prompt_tokens: 35,
    completion_tokens: 12,
    total_tokens: 109,
  }),
  // What OpenRouter says it took is what it took of its own customer; the operator's prices are the operator's word.
  server('OpenRouter: its cost beside the counts is not added', 254 * 600 + 5 * 1_700, {
    ...counts(254, 5),
    cost: 0.000837,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0, video_tokens: 0 },
    cost_details: { upstream_inference_cost: 0.000837 },
  }),
  server('Groq: usage apart from its place', 20 * 600 + 30 * 1_700, undefined, {
    reply: { x_groq: { id: 'req_1', usage: { ...counts(20, 30), queue_time: 0.1, total_time: 0.2 } } },
  }),
  server('Together: counts with the last choice, and null details', 20 * 600 + 30 * 1_700, {
    ...counts(20, 30),
    prompt_tokens_details: null,
    completion_tokens_details: null,
  }),
  server('a server that says on_demand means its only tier', 20 * 600 + 30 * 1_700, counts(20, 30), {
    reply: { service_tier: 'on_demand' },
  }),
  server('a tier the operator gave no price for', null, counts(20, 30), { reply: { service_tier: 'flex' } }),
  server('writes to a cache that nobody priced are input', 1_000 * 600 + 1 * 1_700, {
    ...counts(1_000, 1),
    prompt_tokens_details: { cache_write_tokens: 900 },
  }),
];
