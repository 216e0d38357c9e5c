import { createRegistry } from '../../../registry/load.ts';
import { Model } from '../../../registry/schema.ts';
import { ENGLISH, writeChoice, writePlace } from '../../../views/why.ts';
import { plainRequest } from '../../chat/fixture.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { Judgement, Routed } from './decision.ts';
import { createRouter } from './index.ts';

// A small invented catalogue for the tests of this stage: three providers, from weak and cheap to strong and dear.

export const NOON = Date.parse('2026-11-23T12:00:00Z');

const CAN_ALL = {
  tools: true,
  parallelTools: true,
  structuredOutput: true,
  vision: true,
  pdf: true,
  streaming: true,
  caching: true,
  batch: true,
  webSearch: true,
};

export interface Sketch {
  id: string;
  provider: string;
  /** Overall score. */
  quality?: number;
  /** Input and output price in dollars a million tokens. */
  price?: [number, number];
  can?: Partial<Record<keyof typeof CAN_ALL, boolean | null>>;
  more?: Record<string, unknown>;
}

export const SKETCHES: Sketch[] = [
  { id: 'tiny', provider: 'acme', quality: 20, price: [0.1, 0.4] },
  { id: 'small', provider: 'acme', quality: 40, price: [0.5, 2] },
  { id: 'medium', provider: 'acme', quality: 50, price: [1, 5] },
  { id: 'large', provider: 'acme', quality: 60, price: [3, 15] },
  { id: 'rival', provider: 'bell', quality: 58, price: [2, 10] },
  { id: 'giant', provider: 'bell', quality: 70, price: [10, 50] },
  { id: 'local/llama', provider: 'shed', price: [0, 0] },
];

export function modelOf({ id, provider, quality, price, can, more }: Sketch): Model {
  const score = { at: '2026-11-01', source: 'invented', variant: null };
  return Model.parse({
    id,
    provider,
    name: id,
    family: id,
    aliases: [],
    status: 'active',
    released: null,
    deprecatedOn: null,
    retires: null,
    replacement: null,
    redirectsTo: null,
    context: { window: 200_000, maxInput: null, maxOutput: 32_000 },
    modalities: { in: ['text', 'image', 'pdf'], out: ['text'] },
    can: { ...CAN_ALL, ...can },
    reasoning: { supported: false, required: false, efforts: [] },
    knowledgeCutoff: null,
    tokenizer: null,
    multipliers: {},
    minCacheTokens: null,
    prices: price ? [{ tier: 'standard', rates: { input: price[0], output: price[1] } }] : [],
    toolPrices: {},
    quality: quality === undefined ? {} : { overall: { score: quality, ...score } },
    provenance: { url: '', fetchedAt: '', sha256: null, parser: 'none', confirmedBy: [], pinned: false },
    ...more,
  });
}

export function registryOf(sketches: Sketch[] = SKETCHES) {
  return createRegistry(sketches.map(modelOf));
}

type RouterOptions = Parameters<typeof createRouter>[0];

/** A router over a catalogue, with every provider connected unless `off` names it. */
export function routerOf(sketches: Sketch[] = SKETCHES, options: Partial<RouterOptions> & { off?: string[] } = {}) {
  const registry = registryOf(sketches);
  const { off = [], ...rest } = options;
  return createRouter({
    registry: () => registry,
    isConnected: (id) => !off.includes(id),
    now: () => NOON,
    settings: { defaultStrategy: 'cost' },
    ...rest,
  });
}

export function ask(model: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return plainRequest('Good morning, what is a ledger?', { model, ...more });
}

const DIFFICULTIES = { simple: 0.1, moderate: 0.4, complex: 0.65, expert: 0.9 };

export function judged(complexity: Judgement['complexity'] = 'moderate', more: Partial<Judgement> = {}): Judgement {
  const difficulty = DIFFICULTIES[complexity];
  return { complexity, confidence: 0.7, difficulty, kind: 'general', features: { length: 0.5 }, ...more };
}

/** One model's line of a decision, with its reason as a sentence. */
export function lineOf({ decision }: Pick<Routed, 'decision'>, id: string) {
  const line = decision.candidates.find(({ model }) => model === id);
  if (!line) throw new Error(`${id} was not considered`);
  return { ...line, reason: writePlace(ENGLISH, line.why) };
}

/** Why these models, as a sentence. */
export function reasonOf({ decision }: Pick<Routed, 'decision'>): string {
  return writeChoice(ENGLISH, decision.why);
}
