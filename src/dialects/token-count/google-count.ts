import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { CountFormat } from './count-format.ts';
import { readCount } from './read-count.ts';

/** Google reads both spellings of the field that holds a whole request. */
const REQUEST_FIELDS = ['generateContentRequest', 'generate_content_request'];

/** `:countTokens`, of the contents alone or of a whole request: https://ai.google.dev/api/tokens */
export const googleCount: CountFormat = {
  chatOf(body) {
    const request = requestIn(body);
    return request ? request[1] : body;
  },
  retarget(body, model) {
    const request = requestIn(body);
    return request ? { ...renamed(body, model), [request[0]]: renamed(request[1], model) } : renamed(body, model);
  },
  parseCount: (reply) => readCount(reply, 'totalTokens'),
  renderCount: (tokens) => ({ totalTokens: tokens }),
};

function requestIn(body: JsonObject): [field: string, request: JsonObject] | undefined {
  for (const field of REQUEST_FIELDS) {
    const request = body[field];
    if (isJsonObject(request)) return [field, request];
  }
  return undefined;
}

/** The model stands in the URL, and here only where the client put it. */
function renamed(body: JsonObject, model: string): JsonObject {
  if (typeof body.model !== 'string') return { ...body };
  return { ...body, model: body.model.startsWith('models/') ? `models/${model}` : model };
}
