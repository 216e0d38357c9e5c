import { formatNanoUsd } from '../lib/nano-usd.ts';
import type { Settlement } from './ledger/index.ts';

/** What the client is told of a reply, besides the reply. */
export interface ReplyFacts {
  requestId: string;
  modelId: string;
  providerId: string;
  /** Null for calls that nobody judged. */
  complexity: string | null;
  strategy: string;
  cache: 'hit' | 'miss' | 'bypass';
  isSimulated: boolean;
  dropped: readonly string[];
}

/** What is known only as the reply begins. */
export interface ReplyMeasures {
  overheadUs: number;
  /** Null while the reply is not over, as in a stream. */
  settlement: Settlement | null;
}

export function replyHeaders(facts: ReplyFacts, { overheadUs, settlement }: ReplyMeasures): Record<string, string> {
  const headers: Record<string, string> = {
    'x-gateway-request-id': facts.requestId,
    'x-gateway-model': headerSafe(facts.modelId),
    'x-gateway-provider': facts.providerId,
    'x-gateway-strategy': facts.strategy,
    'x-gateway-cache': facts.cache,
    'x-gateway-overhead-ms': (overheadUs / 1000).toFixed(3),
  };
  if (facts.complexity !== null) headers['x-gateway-complexity'] = facts.complexity;
  if (settlement) headers['x-gateway-cost-usd'] = costText(settlement);
  if (facts.isSimulated) headers['x-gateway-simulated'] = 'true';
  if (facts.dropped.length > 0) headers['x-gateway-dropped'] = headerSafe(facts.dropped.join(', '));
  return headers;
}

function costText({ costNanoUsd }: Settlement): string {
  return costNanoUsd === null ? 'unpriced' : formatNanoUsd(costNanoUsd);
}

/** A header takes printable ASCII only; an operator's model id may hold more. */
function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
