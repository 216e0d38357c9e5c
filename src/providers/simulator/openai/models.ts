import type { JsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply } from '../call.ts';
import { openAiError, openAiHeaders } from './error.ts';

const CREATED = 1_767_225_600;

/** `GET /models` */
export function listModels({ models }: Call): Reply {
  return jsonReply({ object: 'list', data: models.map(writeModel) }, { headers: openAiHeaders() });
}

/** `GET /models/{id}` */
export function findModel({ models }: Call, id: string): Reply {
  if (models.includes(id)) return jsonReply(writeModel(id), { headers: openAiHeaders() });
  return openAiError(404, { message: `The model '${id}' does not exist`, param: 'model', code: 'model_not_found' });
}

function writeModel(id: string): JsonObject {
  return { id, object: 'model', created: CREATED, owned_by: 'simulator' };
}
