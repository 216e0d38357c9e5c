import { googleEmbed } from '../../dialects/google-embed/index.ts';
import { googleGenerate } from '../../dialects/google-generate/index.ts';
import { normalizeBaseUrl } from '../base-url.ts';
import type { Provider } from '../provider.ts';

const BASE_URL = 'https://generativelanguage.googleapis.com/v1beta';

/** The Gemini Developer API: https://ai.google.dev/api/generate-content */
export function createGoogle({ baseUrl = BASE_URL }: { baseUrl?: string | undefined } = {}): Provider {
  return {
    id: 'google',
    label: 'Google',
    dialect: googleGenerate,
    baseUrl: normalizeBaseUrl(baseUrl, 'v1beta'),
    path: (model, stream) =>
      `/models/${encodeModel(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    countPath: (model) => `/models/${encodeModel(model)}:countTokens`,
    embeddings: {
      dialect: googleEmbed,
      path: (model, shape) =>
        `/models/${encodeModel(model)}:${shape === 'one' ? 'embedContent' : 'batchEmbedContents'}`,
    },
    headers: (apiKey) => ({ 'x-goog-api-key': apiKey }),
    isSimulated: false,
  };
}

/** One path segment, whatever a caller wrote: encoding throws on half a surrogate pair. */
function encodeModel(model: string): string {
  return encodeURIComponent(model.toWellFormed());
}
