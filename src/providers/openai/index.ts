import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { openaiEmbeddings } from '../../dialects/openai-embeddings/index.ts';
import { openaiResponses } from '../../dialects/openai-responses/index.ts';
import { normalizeBaseUrl } from '../base-url.ts';
import type { Provider } from '../provider.ts';
import { withoutOurMarks } from './without-our-marks.ts';
import { withoutRefused } from './without-refused.ts';

const VENDOR = 'https://api.openai.com/';

/** OpenAI's own API: https://platform.openai.com/docs/api-reference/chat */
export function createOpenAi({ baseUrl = `${VENDOR}v1` }: { baseUrl?: string | undefined } = {}): Provider {
  return {
    id: 'openai',
    label: 'OpenAI',
    dialect: openaiChat,
    baseUrl: normalizeBaseUrl(baseUrl, 'v1'),
    path: () => '/chat/completions',
    alternatives: [{ dialect: openaiResponses, path: () => '/responses', countPath: () => '/responses/input_tokens' }],
    embeddings: { dialect: openaiEmbeddings, path: () => '/embeddings' },
    headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    adjust(body, choice) {
      // Behind another address stands another vendor or a proxy to one, for whom such fields may be their own.
      const own = baseUrl.startsWith(VENDOR) ? withoutOurMarks(body) : body;
      return withoutRefused(own, choice);
    },
    isSimulated: false,
  };
}
