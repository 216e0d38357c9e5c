import type { Golden } from './golden.ts';

function claude(
  name: string,
  costs: number | null,
  usage: Record<string, unknown>,
  fields: Partial<Golden> = {},
): Golden {
  return {
    name: `Messages: ${name}`,
    wire: 'anthropic-messages',
    model: 'anthropic/gold-claude',
    usage,
    costs,
    ...fields,
  };
}

/** Anthropic's usage: what was read from the cache and written to it is beside the input. */
function counts(input: number, output: number, { read = 0, five = 0, sixty = 0 } = {}) {
  return {
    input_tokens: input,
    cache_creation_input_tokens: five + sixty,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: five, ephemeral_1h_input_tokens: sixty },
    output_tokens: output,
    service_tier: 'standard',
    inference_geo: 'global',
  };
}

/** As older models count: nothing says for how long a write was. */
function plain(input: number, output: number, written = 0) {
  const cache = { cache_creation_input_tokens: written, cache_read_input_tokens: 0 };
  return { input_tokens: input, output_tokens: output, ...cache };
}

const leg = (type: string, input: number, output: number, more: object = {}) => ({
  type,
  ...plain(input, output),
  ...more,
});
const old: Partial<Golden> = { model: 'anthropic/gold-claude-old' };

export const MESSAGES: Golden[] = [
  claude('text', 757 * 3_000 + 37 * 15_000, counts(757, 37)),
  claude('cache reads are beside the input', 2 * 3_000 + 1_650 * 300 + 69 * 15_000, counts(2, 69, { read: 1_650 })),
  claude('writes of five minutes', 2 * 3_000 + 1_135 * 3_750 + 142 * 15_000, counts(2, 142, { five: 1_135 })),
  claude('writes of an hour', 2 * 3_000 + 1_135 * 6_000 + 142 * 15_000, counts(2, 142, { sixty: 1_135 })),
  claude(
    'both kinds of writes, and a read',
    4 * 3_000 + 9_000 * 300 + 456 * 3_750 + 100 * 6_000 + 290 * 15_000,
    counts(4, 290, { read: 9_000, five: 456, sixty: 100 }),
  ),
  claude('writes nobody tells the time of are short', 10 * 3_000 + 248 * 3_750 + 5 * 15_000, plain(10, 5, 248)),
  claude('thoughts are part of the output', 134 * 3_000 + 15 * 15_000, {
    ...counts(134, 15),
    output_tokens_details: { thinking_tokens: 8 },
  }),
  claude('a stream whose end tells the output only', 52 * 3_000 + 216 * 15_000, plain(52, 216), {
    start: plain(52, 2),
    end: { output_tokens: 216 },
  }),
  claude('a stream whose end has more input than its start', 1_595 * 3_000 + 143 * 15_000, counts(1_595, 143), {
    start: counts(727, 1),
    end: plain(1_595, 143),
  }),
  claude(
    'a stream whose writes of an hour only its start tells',
    3 * 3_000 + 37 * 6_000 + 10 * 15_000,
    counts(3, 10, { sixty: 37 }),
    { start: counts(3, 1, { sixty: 37 }), end: plain(3, 10, 37) },
  ),
  claude('a stream whose start counts nothing', 90 * 3_000 + 12 * 15_000, plain(90, 12), {
    start: plain(0, 0),
    end: plain(90, 12),
  }),
  claude('tier batch', 10 * 1_500 + 100 * 150 + 50 * 1_875 + 20 * 3_000 + 7 * 7_500, {
    ...counts(10, 7, { read: 100, five: 50, sixty: 20 }),
    service_tier: 'batch',
  }),
  claude('fast mode', 10 * 18_000 + 100 * 1_800 + 50 * 22_500 + 20 * 36_000 + 7 * 90_000, {
    ...counts(10, 7, { read: 100, five: 50, sixty: 20 }),
    speed: 'fast',
  }),
  claude('fast mode from capacity that was bought ahead', 10 * 18_000 + 7 * 90_000, {
    ...counts(10, 7),
    service_tier: 'priority',
    speed: 'fast',
  }),
  claude('capacity that was bought ahead is not fast mode', 10 * 3_000 + 7 * 15_000, {
    ...counts(10, 7),
    service_tier: 'priority',
  }),
  claude('speed standard', 10 * 3_000 + 7 * 15_000, { ...counts(10, 7), speed: 'standard' }),
  claude('a prompt at the edge of the band', 200_000 * 3_000 + 10 * 15_000, counts(200_000, 10)),
  claude('one over the edge, the whole of it', 200_001 * 6_000 + 10 * 22_500, counts(200_001, 10)),
  claude(
    'what is beside the input counts into the band',
    1 * 6_000 + 150_000 * 600 + 30_000 * 7_500 + 20_000 * 12_000 + 10 * 22_500,
    counts(1, 10, { read: 150_000, five: 30_000, sixty: 20_000 }),
  ),
  // A tenth more, in every class.
  claude('work that stayed in the US', 10 * 3_300 + 100 * 330 + 50 * 4_125 + 20 * 6_600 + 7 * 16_500, {
    ...counts(10, 7, { read: 100, five: 50, sixty: 20 }),
    inference_geo: 'us',
  }),
  claude('fast work that stayed in the US', 10 * 19_800 + 7 * 99_000, {
    ...counts(10, 7),
    inference_geo: 'us',
    speed: 'fast',
  }),
  claude('a model that costs the same in the US', 10 * 250 + 7 * 1_250, { ...counts(10, 7), inference_geo: 'us' }, old),
  claude('a model that cannot choose where', 10 * 3_000 + 7 * 15_000, {
    ...counts(10, 7),
    inference_geo: 'not_available',
  }),
  claude('three searches at a cent each', 22_205 * 3_000 + 1_552 * 15_000 + 3 * 10_000_000, {
    ...counts(22_205, 1_552),
    server_tool_use: { web_search_requests: 3, web_fetch_requests: 2 },
  }),
  claude('tools that were offered and not used', 10 * 3_000 + 7 * 15_000, {
    ...counts(10, 7),
    server_tool_use: { web_search_requests: 0 },
  }),
  claude(
    'a search of a model without a price for it is unpriced',
    null,
    {
      ...counts(10, 7),
      server_tool_use: { web_search_requests: 1 },
    },
    old,
  ),
  claude('old writes of five minutes', 10 * 250 + 100 * 300 + 7 * 1_250, counts(10, 7, { five: 100 }), old),
  claude('writes of an hour without a price are unpriced', null, counts(10, 7, { sixty: 100 }), old),
  claude('a turn in one leg', 53 * 3_000 + 14 * 15_000, { ...plain(53, 14), iterations: [leg('message', 53, 14)] }),
  // The counts outside are those of the last leg.
  claude(
    'a summary made on the way is paid for',
    (60_385 + 612) * 3_000 + (522 + 2_819) * 15_000,
    { ...plain(612, 2_819), iterations: [leg('compaction', 60_385, 522), leg('message', 612, 2_819)] },
    { start: counts(60_385, 5) },
  ),
  claude('legs of one model add up to what is outside', 2_390 * 3_000 + 121 * 15_000, {
    ...plain(2_390, 121),
    iterations: [leg('message', 1_128, 110), leg('message', 1_262, 11)],
  }),
  claude('a leg of another model is not priced by the list of this one', null, {
    ...plain(2_390, 121),
    iterations: [
      leg('message', 1_128, 110),
      leg('advisor_message', 2_518, 22, { model: 'gold-claude-old' }),
      leg('message', 1_262, 11),
    ],
  }),
];
