import type { JsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply } from '../call.ts';
import { googleError } from './error.ts';
import { JSON_HEADERS } from './generate.ts';

/** `GET /models`, on one page. */
export function listModels({ models }: Call): Reply {
  return jsonReply({ models: models.map(writeModel) }, { headers: JSON_HEADERS });
}

/** `GET /models/{id}` */
export function findModel({ models }: Call, id: string): Reply {
  if (!models.includes(id)) return googleError(404, `Model is not found: models/${id} for api version v1beta`);
  return jsonReply(writeModel(id), { headers: JSON_HEADERS });
}

function writeModel(id: string): JsonObject {
  const methods = id.includes('embedding')
    ? ['embedContent', 'batchEmbedContents']
    : ['generateContent', 'countTokens'];
  return {
    name: `models/${id}`,
    version: '001',
    displayName: `${id} (simulated)`,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: methods,
  };
}
