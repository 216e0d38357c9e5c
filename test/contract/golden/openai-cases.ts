import type { Golden } from './golden.ts';

const NO_DETAILS = {
  reasoning_tokens: 0,
  audio_tokens: 0,
  accepted_prediction_tokens: 0,
  rejected_prediction_tokens: 0,
};

function chat(
  name: string,
  costs: number | null,
  usage: Record<string, unknown>,
  fields: Partial<Golden> = {},
): Golden {
  return { name: `Chat: ${name}`, wire: 'openai-chat', model: 'openai/gold-chat', usage, costs, ...fields };
}

interface Parts {
  cached?: number;
  written?: number;
  audio?: number;
  reasoning_tokens?: number;
  audio_tokens?: number;
  accepted_prediction_tokens?: number;
  rejected_prediction_tokens?: number;
}

/** OpenAI's usage of a chat: everything is inside of the prompt or of the completion. */
function counts(prompt: number, completion: number, more: Parts = {}) {
  const { cached = 0, written = 0, audio = 0, ...details } = more;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: cached,
      audio_tokens: audio,
      ...(written > 0 && { cache_write_tokens: written }),
    },
    completion_tokens_details: { ...NO_DETAILS, ...details },
  };
}

const tier = (service_tier: string): Partial<Golden> => ({ reply: { service_tier } });
const old: Partial<Golden> = { model: 'openai/gold-old' };

export const CHAT: Golden[] = [
  chat('text', 1_000 * 2_500 + 200 * 15_000, counts(1_000, 200)),
  chat('one token each', 1 * 2_500 + 1 * 15_000, counts(1, 1)),
  chat('nothing written', 1_000 * 2_500, counts(1_000, 0)),
  chat(
    'cached tokens are part of the prompt',
    176 * 2_500 + 1_024 * 250 + 300 * 15_000,
    counts(1_200, 300, { cached: 1_024 }),
  ),
  chat('a prompt that was cached whole', 2_048 * 250 + 10 * 15_000, counts(2_048, 10, { cached: 2_048 })),
  chat(
    'cache writes are part of the prompt, too',
    8 * 2_500 + 4_012 * 3_125 + 4 * 15_000,
    counts(4_020, 4, { written: 4_012 }),
  ),
  chat(
    'reads and writes at once',
    100 * 2_500 + 3_000 * 250 + 900 * 3_125 + 50 * 15_000,
    counts(4_000, 50, { cached: 3_000, written: 900 }),
  ),
  chat('thoughts are part of the completion', 100 * 2_500 + 700 * 15_000, counts(100, 700, { reasoning_tokens: 640 })),
  chat('nothing but thoughts', 100 * 2_500 + 100 * 15_000, counts(100, 100, { reasoning_tokens: 100 })),
  chat('sound heard', 20 * 2_500 + 80 * 40_000 + 10 * 15_000, counts(100, 10, { audio: 80 })),
  chat('sound spoken', 50 * 2_500 + 30 * 15_000 + 120 * 80_000, counts(50, 150, { audio_tokens: 120 })),
  chat(
    'sound both ways, half of the prompt cached',
    40 * 2_500 + 100 * 250 + 60 * 40_000 + 5 * 15_000 + 95 * 80_000,
    counts(200, 100, { cached: 100, audio: 60, audio_tokens: 95 }),
  ),
  chat(
    'predictions that were refused are part of the completion',
    500 * 2_500 + 180 * 15_000,
    counts(500, 180, { accepted_prediction_tokens: 100, rejected_prediction_tokens: 60 }),
  ),
  chat('tier default', 1_000 * 2_500 + 200 * 15_000, counts(1_000, 200), tier('default')),
  chat('tier flex', 744 * 1_250 + 256 * 125 + 200 * 7_500, counts(1_000, 200, { cached: 256 }), tier('flex')),
  chat('tier priority', 744 * 5_000 + 256 * 500 + 200 * 30_000, counts(1_000, 200, { cached: 256 }), tier('priority')),
  chat('tier fast', 1_000 * 5_000 + 200 * 30_000, counts(1_000, 200), tier('fast')),
  chat('tier batch', 1_000 * 1_200 + 200 * 7_200, counts(1_000, 200), tier('batch')),
  chat(
    'a flex row without cache writes bills them as input',
    1_000 * 1_250 + 1 * 7_500,
    counts(1_000, 1, { written: 900 }),
    tier('flex'),
  ),
  chat('a tier without a price is unpriced', null, counts(1_000, 200), tier('ultrafast')),
  chat('a prompt at the edge of the band is below it', 272_000 * 2_500 + 10 * 15_000, counts(272_000, 10)),
  chat(
    'a prompt one over the edge costs more from its first token on',
    272_001 * 5_000 + 10 * 22_500,
    counts(272_001, 10),
  ),
  chat(
    'cached tokens count into the band',
    1_001 * 5_000 + 271_000 * 500 + 10 * 22_500,
    counts(272_001, 10, { cached: 271_000 }),
  ),
  chat('written ones, too', 1 * 5_000 + 272_000 * 6_250 + 10 * 22_500, counts(272_001, 10, { written: 272_000 })),
  chat('what was written does not', 272_000 * 2_500 + 50_000 * 15_000, counts(272_000, 50_000)),
  chat('a band of a tier that has no published price is unpriced', null, counts(272_001, 10), tier('flex')),
  chat('the same tier below the band has one', 272_000 * 1_250 + 10 * 7_500, counts(272_000, 10), tier('flex')),
  chat(
    'sound in a band without a price for it counts as input',
    272_001 * 5_000 + 1 * 22_500,
    counts(272_001, 1, { audio: 500 }),
  ),
  chat('sound spoken in a band without a price for it is unpriced', null, counts(272_001, 10, { audio_tokens: 5 })),
  chat(
    'cache writes were free before they had a price',
    4_020 * 50 + 4 * 400,
    counts(4_020, 4, { written: 4_012 }),
    old,
  ),
  chat('an old model, cached', 76 * 50 + 1_024 * 5 + 9 * 400, counts(1_100, 9, { cached: 1_024 }), old),
  chat('sound without a price of its own is input', 100 * 50 + 1 * 400, counts(100, 1, { audio: 60 }), old),
  chat('sound spoken without a price is unpriced', null, counts(100, 10, { audio_tokens: 10 }), old),
  chat('half a nano-dollar is rounded up', 2, counts(3, 0), { model: 'openai/gold-tiny' }), // 3 × 0.5 = 1.5
  chat('and rounded once, at the end', 3, counts(3, 1), { model: 'openai/gold-tiny' }), // 1.5 + 1.5
  chat('a model without prices is unpriced', null, counts(1_000, 200), { model: 'openai/gold-unpriced' }),
];

function response(
  name: string,
  costs: number | null,
  usage: Record<string, unknown>,
  fields: Partial<Golden> = {},
): Golden {
  return {
    name: `Responses: ${name}`,
    wire: 'openai-responses',
    model: 'openai/gold-responses',
    usage,
    costs,
    ...fields,
  };
}

function tokens(input: number, output: number, { cached = 0, written = 0, reasoning = 0 } = {}) {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, ...(written > 0 && { cache_write_tokens: written }) },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

const twelveHours = { prompt_cache_options: { ttl: '12h' } };
const search = (action: string) => ({
  id: 'ws_1',
  type: 'web_search_call',
  status: 'completed',
  action: { type: action },
});
const fileSearch = { id: 'fs_1', type: 'file_search_call', status: 'completed', queries: ['it'] };

export const RESPONSES: Golden[] = [
  response('text', 1_000 * 2_500 + 200 * 15_000, tokens(1_000, 200), tier('default')),
  response('cached', 1_127 * 2_500 + 8_576 * 250 + 638 * 15_000, tokens(9_703, 638, { cached: 8_576, reasoning: 576 })),
  response('written for half an hour', 8 * 2_500 + 4_012 * 3_125 + 5 * 15_000, tokens(4_020, 5, { written: 4_012 })),
  response('written for twelve hours', 8 * 2_500 + 4_012 * 5_000 + 5 * 15_000, tokens(4_020, 5, { written: 4_012 }), {
    reply: twelveHours,
  }),
  response('thoughts', 98 * 2_500 + 960 * 15_000, tokens(98, 960, { reasoning: 960 })),
  response('tier flex', 53 * 1_250 + 469 * 7_500, tokens(53, 469, { reasoning: 448 }), tier('flex')),
  response('tier priority', 1_000 * 5_000 + 200 * 30_000, tokens(1_000, 200), tier('priority')),
  response(
    'tier priority, written for twelve hours',
    1_000 * 10_000 + 200 * 30_000,
    tokens(1_000, 200, { written: 1_000 }),
    { reply: { service_tier: 'priority', ...twelveHours } },
  ),
  response('at the edge of the band', 272_000 * 2_500 + 1 * 15_000, tokens(272_000, 1)),
  response(
    'one over it, mostly cached',
    1 * 5_000 + 272_000 * 500 + 1 * 22_500,
    tokens(272_001, 1, { cached: 272_000 }),
  ),
  response('a tier without a price', null, tokens(1_000, 200), tier('ultrafast')),
  response(
    'two searches at a cent each',
    8_234 * 2_500 + 79 * 15_000 + 2 * 10_000_000,
    tokens(8_234, 79, { reasoning: 34 }),
    {
      items: [search('search'), search('search')],
    },
  ),
  response('opening a page that was found is no search', 900 * 2_500 + 9 * 15_000 + 1 * 10_000_000, tokens(900, 9), {
    items: [search('search'), search('open_page'), search('find_in_page')],
  }),
  response('a search in files', 900 * 2_500 + 9 * 15_000 + 1 * 2_500_000, tokens(900, 9), { items: [fileSearch] }),
];
