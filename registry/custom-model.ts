import { z } from 'zod';
import { type Model, type PriceRow, type Rates, SERVICE_TIERS, type ServiceTier } from './schema.ts';
import { unknownModel } from './unknown-model.ts';

const DEFAULT_CONTEXT_WINDOW = 32_768;

const Usd = z.number().nonnegative();
const Tokens = z.int().positive();

/** US dollars per 1,000,000 tokens. */
const CustomPrices = z.strictObject({
  input: Usd,
  output: Usd,
  /** The input price, where the server makes nothing cheaper of a cached prompt. */
  cacheRead: Usd.optional(),
});

/** A model on a server of the operator's own: what they have to say of it, and no more. */
export const CustomModel = z
  .strictObject({
    /** As the server knows it. */
    id: z.string().min(1).max(200),
    name: z.string().min(1).optional(),
    /** In tokens, prompt and reply together. */
    contextWindow: Tokens.default(DEFAULT_CONTEXT_WINDOW),
    /** The most tokens of one reply; absent = the server decides. */
    maxOutput: Tokens.optional(),
    /** Without prices, and not `free`, its requests are unpriced. */
    prices: CustomPrices.optional(),
    /** Costs nothing per token: a machine of one's own. */
    free: z.literal(true).optional(),
    /** 0 to 100, on the scale of `overall` in `models.json`. */
    quality: z.number().min(0).max(100).optional(),
    /** What is not told is unknown, not impossible. */
    can: z
      .strictObject({
        tools: z.boolean().optional(),
        vision: z.boolean().optional(),
        structuredOutput: z.boolean().optional(),
      })
      .optional(),
  })
  .refine(({ prices, free }) => prices === undefined || free === undefined, {
    path: ['free'],
    message: 'must not be given together with prices',
  });

export type CustomModel = z.infer<typeof CustomModel>;

/** Reads a list of operator-defined models. Throws one Error that names the file and every mistake, each with its field. */
export function parseCustomModels(value: unknown, fileName: string): CustomModel[] {
  const parsed = z.array(CustomModel).safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${fileName}: ${z.core.toDotPath(issue.path)}: ${issue.message}`,
    );
    throw new Error(problems.join('\n'));
  }
  return parsed.data;
}

/** A full catalogue entry of an operator-defined model, served by the provider of this id. */
export function toModel(custom: CustomModel, providerId: string): Model {
  const { id, name = id, contextWindow, maxOutput = null, can = {} } = custom;
  const unknown = unknownModel({ id, provider: providerId, name });
  return {
    ...unknown,
    family: 'custom',
    status: 'active',
    context: { window: contextWindow, maxInput: null, maxOutput },
    modalities: { in: can.vision ? ['text', 'image'] : ['text'], out: ['text'] },
    can: {
      ...unknown.can,
      tools: can.tools ?? null,
      structuredOutput: can.structuredOutput ?? null,
      vision: can.vision ?? null,
      streaming: true,
    },
    prices: customPrices(custom),
    quality: customQuality(custom),
    provenance: {
      ...unknown.provenance,
      parser: 'operator',
      // The operator's word stands: a refresh of the catalogue must not touch it.
      pinned: true,
    },
  };
}

function customPrices({ prices, free }: CustomModel): PriceRow[] {
  // Free is free in whatever tier the server claims to have answered.
  if (free) return SERVICE_TIERS.map((tier) => priceRow(tier, { input: 0, output: 0, cacheRead: 0, audioOutput: 0 }));
  if (!prices) return [];
  const { input, output, cacheRead = input } = prices;
  return [priceRow('standard', { input, output, cacheRead })];
}

function priceRow(tier: ServiceTier, rates: Rates): PriceRow {
  return { tier, promptOver: 0, from: null, until: null, region: 'global', rates };
}

function customQuality({ quality }: CustomModel): Model['quality'] {
  if (quality === undefined) return {};
  // An operator's score has no day; this one cannot be mistaken for a fresh measurement.
  return { overall: { score: quality, at: '1970-01-01', source: 'operator', variant: null } };
}
