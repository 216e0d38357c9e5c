import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { openaiEmbeddings } from '../../dialects/openai-embeddings/index.ts';
import type { JsonObject } from '../../lib/json.ts';
import { trimBaseUrl } from '../base-url.ts';
import type { Provider } from '../provider.ts';

export interface OpenAiCompatible {
  id: string;
  label: string;
  /** As given, only without a slash at the end: these servers have no common idea of a version. */
  baseUrl: string;
  /** Sent with every call; lower-case names. They win over `authorization`. */
  headers?: Record<string, string> | undefined;
  /** The field this server reads the output limit from. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined;
}

/** Any server that speaks OpenAI's chat completions: Ollama, vLLM, Groq, OpenRouter, Azure's v1 API. */
export function createOpenAiCompatible(options: OpenAiCompatible): Provider {
  const { id, label, baseUrl, headers = {}, maxTokensField = 'max_tokens' } = options;
  return {
    id,
    label,
    dialect: openaiChat,
    baseUrl: trimBaseUrl(baseUrl),
    path: () => '/chat/completions',
    embeddings: { dialect: openaiEmbeddings, path: () => '/embeddings' },
    headers: (apiKey) => ({ authorization: `Bearer ${apiKey}`, ...headers }),
    adjust: (body) => withMaxTokensAs(maxTokensField, body),
    isSimulated: false,
  };
}

/** Most of these servers silently ignore the newer name of the limit, and some refuse the older one. */
function withMaxTokensAs(field: 'max_tokens' | 'max_completion_tokens', body: JsonObject): JsonObject {
  const { max_tokens: older, max_completion_tokens: newer, ...rest } = body;
  const limit = newer ?? older;
  return limit === undefined ? body : { ...rest, [field]: limit };
}
