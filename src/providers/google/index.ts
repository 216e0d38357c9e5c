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
    headers: (apiKey) => ({ 'x-goog-api-key': apiKey }),
    isSimulated: false,
  };
}

/** One path segment, whatever a caller wrote: encoding throws on half a surrogate pair. */
function encodeModel(model: string): string {
  return encodeURIComponent(model.toWellFormed());
}
