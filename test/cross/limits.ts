import type { ProviderRow } from './providers.ts';
import type { Client, DialectId } from './talk.ts';

/** What a pair cannot do by its nature, and how the client is told. Absent fields hold for all. */
export interface Limit {
  conversation?: string;
  client?: DialectId;
  sdk?: string;
  /** Between equal dialects everything goes through, so a limit never holds there. */
  provider?: DialectId;
  /** A sentence. */
  reason: string;
  verdict: Verdict;
}

export type Verdict =
  /** Left out by name, in `x-gateway-dropped`; the client gets its answer, and `isFelt` says that it is another one. */
  | { type: 'dropped'; name: string; isFelt?: true }
  /** Refused, because leaving it out would give another thing than was asked for. */
  | { type: 'refused'; status: number; saying: string };

export const LIMITS: Limit[] = [
  {
    conversation: 'several-answers',
    provider: 'anthropic-messages',
    reason: 'Messages gives one answer to a request.',
    verdict: { type: 'refused', status: 400, saying: 'one answer' },
  },
  {
    conversation: 'several-answers',
    provider: 'openai-responses',
    reason: 'Responses gives one answer to a request.',
    verdict: { type: 'refused', status: 400, saying: 'one answer' },
  },
  {
    conversation: 'stop-sequence',
    provider: 'openai-responses',
    reason: 'Responses has no stop sequences.',
    verdict: { type: 'dropped', name: 'stop', isFelt: true },
  },
  {
    client: 'openai-responses',
    provider: 'google-generate',
    reason: 'Google has no strict tools; it keeps to their schemas as well as it can.',
    verdict: { type: 'dropped', name: 'strict' },
  },
  {
    sdk: '@ai-sdk/openai',
    client: 'openai-responses',
    reason: 'Other vendors have one kind of summary; which kind is wanted has no place there.',
    verdict: { type: 'dropped', name: 'reasoning.summary' },
  },
  {
    sdk: '@ai-sdk/anthropic',
    reason: 'A hint to Anthropic about the pieces a stream comes in.',
    verdict: { type: 'dropped', name: 'tools[].eager_input_streaming' },
  },
  {
    sdk: '@ai-sdk/anthropic',
    reason: 'The SDK names the beta that PDFs once were; other vendors have none.',
    verdict: { type: 'dropped', name: 'anthropic-beta' },
  },
];

interface Question {
  client: Client;
  provider: ProviderRow;
  conversation: { id: string };
}

export function limitsOf({ client, provider, conversation }: Question): Limit[] {
  if (client.dialect === provider.dialect) return [];
  return LIMITS.filter(
    (limit) =>
      (limit.conversation ?? conversation.id) === conversation.id &&
      (limit.client ?? client.dialect) === client.dialect &&
      (limit.sdk ?? client.sdk) === client.sdk &&
      (limit.provider ?? provider.dialect) === provider.dialect,
  );
}
