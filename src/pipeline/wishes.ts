import type { GatewayKey } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';

const STRATEGIES = ['cost', 'quality', 'speed', 'balanced'] as const;
const MAX_FALLBACKS = 8;

/** What the client asks of the gateway itself, by `x-gateway-*` headers, over what its key says. */
export interface Wishes {
  strategy: (typeof STRATEGIES)[number] | undefined;
  /** Models that may answer in place of the one asked for. */
  fallbackModels: string[];
  cacheControl: string | null;
}

/** Throws `invalid_request` for a header that says something we do not know, rather than do another thing than asked. */
export function readWishes(headers: Headers, key: GatewayKey): Wishes {
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
    cacheControl: headers.get('cache-control'),
  };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
