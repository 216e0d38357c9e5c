import type { JsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply } from '../call.ts';
import { anthropicError, anthropicHeaders } from './error.ts';

/** `GET /models`, on one page. */
export function listModels({ models }: Call): Reply {
  const page = {
    data: models.map(writeModel),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
  return jsonReply(page, { headers: anthropicHeaders() });
}

/** `GET /models/{id}` */
export function findModel({ models }: Call, id: string): Reply {
  if (!models.includes(id)) return anthropicError(404, `model: ${id}`);
  return jsonReply(writeModel(id), { headers: anthropicHeaders() });
}

function writeModel(id: string): JsonObject {
  return { type: 'model', id, display_name: `${id} (simulated)`, created_at: '2026-01-01T00:00:00Z' };
}
