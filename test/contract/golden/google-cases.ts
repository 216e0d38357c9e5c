import type { Golden } from './golden.ts';

function gemini(
  name: string,
  costs: number | null,
  usage: Record<string, unknown>,
  fields: Partial<Golden> = {},
): Golden {
  return { name: `Gemini: ${name}`, wire: 'google-generate', model: 'google/gold-gemini', usage, costs, ...fields };
}

/** Google's usage: the cached part is inside of the prompt; thoughts are beside the candidates, the tools' prompt beside both. */
function counts(prompt: number, candidates: number, { cached = 0, thoughts = 0, tools = 0 } = {}) {
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + candidates + thoughts + tools,
    ...(cached > 0 && { cachedContentTokenCount: cached }),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    ...(tools > 0 && { toolUsePromptTokenCount: tools }),
  };
}

const of = (modality: string | number, tokenCount: number) => ({ modality, tokenCount });
const searched = (webSearchQueries: string[]): Partial<Golden> => ({
  reply: {
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'es.' }] },
        finishReason: 'STOP',
        groundingMetadata: { webSearchQueries },
      },
    ],
  },
});
const plain: Partial<Golden> = { model: 'google/gold-gemini-plain' };

export const GEMINI: Golden[] = [
  gemini('text', 185 * 300 + 24 * 2_500, counts(185, 24)),
  gemini('thoughts are beside the candidates', 194 * 300 + (33 + 216) * 2_500, counts(194, 33, { thoughts: 216 })),
  gemini(
    'nothing but thoughts',
    12 * 300 + 84 * 2_500,
    { promptTokenCount: 12, thoughtsTokenCount: 84, totalTokenCount: 96 },
    {
      // A stream needs a word to begin with, and the last counts win.
    },
  ),
  gemini('cached content is part of the prompt', 115 * 300 + 230 * 30 + 37 * 2_500, counts(345, 37, { cached: 230 })),
  gemini('a prompt that was cached whole', 4_000 * 30 + 1 * 2_500, counts(4_000, 1, { cached: 4_000 })),
  gemini(
    "the prompt of Google's own tools comes on top",
    (283 + 1_534) * 300 + (39 + 228) * 2_500,
    counts(283, 39, { thoughts: 228, tools: 1_534 }),
  ),
  gemini(
    'everything at once',
    (26 + 1_171) * 300 + 1_081 * 30 + (21 + 41) * 2_500,
    counts(1_107, 21, { cached: 1_081, thoughts: 41, tools: 1_171 }),
  ),
  gemini('sound has a price of its own', 14 * 300 + 84 * 1_000 + (9 + 33) * 2_500, {
    ...counts(98, 9, { thoughts: 33 }),
    promptTokensDetails: [of('TEXT', 14), of('AUDIO', 84)],
  }),
  gemini('modalities by their numbers', 14 * 300 + 84 * 1_000 + 9 * 2_500, {
    ...counts(98, 9),
    promptTokensDetails: [of(1, 14), of(4, 84)],
  }),
  gemini('images and documents cost what text costs', 608 * 300 + 115 * 2_500, {
    ...counts(608, 115),
    promptTokensDetails: [of('IMAGE', 258), of('TEXT', 300), of('DOCUMENT', 50)],
  }),
  // 17 379 of 17 713 are cached, and 1 881 of those and 36 of the others are sound.
  gemini(
    'sound that was cached costs more than text that was',
    298 * 300 + 36 * 1_000 + 15_498 * 30 + 1_881 * 100 + (68 + 821) * 2_500,
    {
      ...counts(17_713, 68, { cached: 17_379, thoughts: 821 }),
      promptTokensDetails: [of('TEXT', 16), of('VIDEO', 15_780), of('AUDIO', 1_917)],
      cacheTokensDetails: [of('TEXT', 15), of('VIDEO', 15_483), of('AUDIO', 1_881)],
    },
  ),
  gemini('cached sound without a price of its own is cached text', 10 * 150 + 500 * 15 + 1 * 1_250, {
    ...counts(510, 1, { cached: 500 }),
    promptTokensDetails: [of('TEXT', 10), of('AUDIO', 500)],
    cacheTokensDetails: [of('AUDIO', 500)],
    serviceTier: 'batch',
  }),
  gemini(
    'a model with one price for all',
    14 * 1_250 + 84 * 1_250 + 9 * 10_000,
    {
      ...counts(98, 9),
      promptTokensDetails: [of('TEXT', 14), of('AUDIO', 84)],
    },
    plain,
  ),
  gemini('tier standard', 100 * 300 + 10 * 2_500, { ...counts(100, 10), serviceTier: 'standard' }),
  gemini('tier flex', 70 * 140 + 30 * 14 + 10 * 1_200, { ...counts(100, 10, { cached: 30 }), serviceTier: 'flex' }),
  gemini('tier priority', 70 * 540 + 30 * 54 + 10 * 4_500, {
    ...counts(100, 10, { cached: 30 }),
    serviceTier: 'priority',
  }),
  gemini('tier batch', 100 * 150 + 10 * 1_250, { ...counts(100, 10), serviceTier: 'batch' }),
  gemini('a tier in capitals', 100 * 140 + 10 * 1_200, { ...counts(100, 10), serviceTier: 'FLEX' }),
  gemini('a tier that has no list', null, { ...counts(100, 10), serviceTier: 'flex' }, plain),
  gemini('traffic on demand', 100 * 300 + 10 * 2_500, { ...counts(100, 10), trafficType: 'ON_DEMAND' }),
  gemini('traffic on demand, first', 100 * 540 + 10 * 4_500, { ...counts(100, 10), trafficType: 'ON_DEMAND_PRIORITY' }),
  gemini('traffic on demand, later', 100 * 140 + 10 * 1_200, { ...counts(100, 10), trafficType: 'ON_DEMAND_FLEX' }),
  gemini('a prompt at the edge of the band', 200_000 * 300 + 10 * 2_500, counts(200_000, 10)),
  gemini('one over the edge, the whole of it', 200_001 * 600 + 10 * 5_000, counts(200_001, 10)),
  gemini(
    'cached content counts into the band',
    1 * 600 + 200_000 * 60 + 10 * 5_000,
    counts(200_001, 10, { cached: 200_000 }),
  ),
  gemini('so does the prompt of the tools', 200_001 * 600 + 10 * 5_000, counts(150_000, 10, { tools: 50_001 })),
  gemini('and sound, cached or not', 1 * 600 + 100_000 * 2_000 + 60_000 * 60 + 40_001 * 200 + 10 * 5_000, {
    ...counts(200_002, 10, { cached: 100_001 }),
    promptTokensDetails: [of('TEXT', 60_001), of('AUDIO', 140_001)],
    cacheTokensDetails: [of('TEXT', 60_000), of('AUDIO', 40_001)],
  }),
  gemini(
    'searches are billed by the query, each once and no empty one',
    100 * 300 + 10 * 2_500 + 2 * 14_000_000,
    counts(100, 10),
    {
      ...searched(['rain in Cologne', '', 'rain in Bonn', 'rain in Cologne']),
    },
  ),
  gemini('and at older models by the prompt', 100 * 1_250 + 10 * 10_000 + 1 * 35_000_000, counts(100, 10), {
    ...plain,
    ...searched(['rain in Cologne', 'rain in Bonn']),
  }),
  gemini('grounding without a query costs nothing', 100 * 300 + 10 * 2_500, counts(100, 10), searched([])),
];
