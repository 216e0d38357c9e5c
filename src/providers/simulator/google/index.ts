import type { Call, Reply } from '../call.ts';
import { batchEmbedContents, embedContent } from './embed.ts';
import { googleError, unknownModel } from './error.ts';
import { countTokens, generateContent, streamGenerateContent } from './generate.ts';
import { findModel, listModels } from './models.ts';

const MISSING_KEY =
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API " +
  'consumer identity to call this API.';

/** The Gemini Developer API, as far as the simulator knows it. */
export function answerGoogle(call: Call): Reply {
  const { method, path, query, headers } = call;
  if (!headers.get('x-goog-api-key') && !query.get('key') && !headers.get('authorization'))
    return googleError(403, MISSING_KEY);
  if (method === 'GET' && path === '/models') return listModels(call);

  const [, model = '', action] = path.match(/^\/models\/(.+?)(?::(\w+))?$/) ?? [];
  if (model === '') return googleError(404, `Not found: ${method} ${path}`);
  if (method === 'GET' && action === undefined) return findModel(call, model);
  switch (`${method} ${action}`) {
    case 'POST generateContent':
      return generateContent(call, model);
    case 'POST streamGenerateContent':
      return streamGenerateContent(call, model);
    case 'POST countTokens':
      return countTokens(call);
    case 'POST embedContent':
      return embedContent(call, model);
    case 'POST batchEmbedContents':
      return batchEmbedContents(call, model);
    default:
      return unknownModel(model, action ?? method);
  }
}
