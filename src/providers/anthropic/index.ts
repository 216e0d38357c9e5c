import { anthropicMessages } from '../../dialects/anthropic-messages/index.ts';
import { normalizeBaseUrl } from '../base-url.ts';
import type { Provider } from '../provider.ts';
import { withoutEmptySignatures } from './without-empty-signatures.ts';

/** Anthropic's own API: https://docs.claude.com/en/api/messages */
export function createAnthropic({
  baseUrl = 'https://api.anthropic.com/v1',
}: {
  baseUrl?: string | undefined;
} = {}): Provider {
  return {
    id: 'anthropic',
    label: 'Anthropic',
    dialect: anthropicMessages,
    baseUrl: normalizeBaseUrl(baseUrl, 'v1'),
    path: () => '/messages',
    countPath: () => '/messages/count_tokens',
    // The version is mandatory; a client of the same dialect may name another in its own headers.
    headers: (apiKey) => ({ 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }),
    adjust: withoutEmptySignatures,
    isSimulated: false,
  };
}
