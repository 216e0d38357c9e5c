import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { openaiResponses } from '../../dialects/openai-responses/index.ts';
import { normalizeBaseUrl } from '../base-url.ts';
import type { Provider } from '../provider.ts';
import { withoutOurMarks } from './without-our-marks.ts';

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
    alternatives: [{ dialect: openaiResponses, path: () => '/responses' }],
    headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    adjust: withoutOurMarks,
    isSimulated: false,
  };
}
