import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { normalizeBaseUrl } from '../base-url.ts';
import type { Provider } from '../provider.ts';

/** OpenAI's own API: https://platform.openai.com/docs/api-reference/chat */
export function createOpenAi({
  baseUrl = 'https://api.openai.com/v1',
}: {
  baseUrl?: string | undefined;
} = {}): Provider {
  return {
    id: 'openai',
    label: 'OpenAI',
    dialect: openaiChat,
    baseUrl: normalizeBaseUrl(baseUrl, 'v1'),
    path: () => '/chat/completions',
    headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    isSimulated: false,
  };
}
