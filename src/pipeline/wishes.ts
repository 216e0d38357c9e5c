import type { ChatRequest } from '../chat/request.ts';
import type { GatewayKey } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import { readMetadata } from './caller-metadata.ts';
import type { Bounds } from './router/index.ts';

const STRATEGIES = ['cost', 'quality', 'speed', 'balanced'] as const;
const MAX_FALLBACKS = 8;
/** Nobody who asks for quality means to give up more of it than a tenth. */
const MAX_TOLERANCE = 0.1;

/** What the client asks of the gateway itself, by `x-gateway-*` headers, over what its key says. */
export interface Wishes {
  strategy: (typeof STRATEGIES)[number] | undefined;
  /** Models that may answer in place of the one asked for. */
  fallbackModels: string[];
  /** Limits on the gateway's own choice of a model. */
  bounds: Bounds;
  /** What the caller says of itself, in the body or by `x-gateway-metadata-*`; rules and experiments read it. */
  metadata: Record<string, string>;
  cacheControl: string | null;
}

/** Throws `invalid_request` for a header that says something we do not know, rather than do another thing than asked. */
export function readWishes(headers: Headers, key: GatewayKey, request?: ChatRequest): Wishes {
  const named = headers.get('x-gateway-strategy');
  const strategy = STRATEGIES.find((known) => known === named?.trim().toLowerCase());
  if (named !== null && !strategy) {
    throw new GatewayError(
      'invalid_request',
      `The strategies are ${STRATEGIES.join(', ')}; "${named}" is none of them.`,
      {
        param: 'x-gateway-strategy',
      },
    );
  }
  const fallbacks = headers.get('x-gateway-fallbacks');
  const fallbackModels = fallbacks === null ? key.fallbackModels : splitList(fallbacks);
  if (fallbackModels.length > MAX_FALLBACKS) {
    throw new GatewayError('invalid_request', `At most ${MAX_FALLBACKS} fallback models can be named.`, {
      param: 'x-gateway-fallbacks',
    });
  }
  return {
    strategy: strategy ?? key.strategy ?? undefined,
    fallbackModels,
    bounds: {
      maxCostNanoUsd: nanoUsd(readNumber(headers, { name: 'x-gateway-max-cost-usd', most: 1_000_000 })),
      minQuality: readNumber(headers, { name: 'x-gateway-min-quality', most: 100 }),
      qualityTolerance: readNumber(headers, { name: 'x-gateway-quality-tolerance', most: MAX_TOLERANCE }),
    },
    metadata: readMetadata(headers, request),
    cacheControl: headers.get('cache-control'),
  };
}

function nanoUsd(usd: number | null): number | null {
  return usd === null ? null : Math.round(usd * 1e9);
}

function readNumber(headers: Headers, { name, most }: { name: string; most: number }): number | null {
  const text = headers.get(name)?.trim();
  if (text === undefined) return null;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new GatewayError('invalid_request', `${name} is a number from 0 to ${most}, not "${text.slice(0, 40)}".`, {
    param: name,
  });
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
