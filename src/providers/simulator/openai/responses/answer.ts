import { isJsonObject, type JsonObject } from '../../../../lib/json.ts';
import { type Call, jsonReply, type Reply, streamReply } from '../../call.ts';
import { inManner } from '../../manner.ts';
import { countPrompt } from '../../prompt-memory.ts';
import { textOf } from '../../read.ts';
import { readDirectives } from '../../script/directives.ts';
import { writeAnswer } from '../../script/script.ts';
import { CACHE_BLOCK_TOKENS } from '../chat/answer.ts';
import { directedError, invalidRequest, openAiError, openAiHeaders } from '../error.ts';
import { unreadableBody } from '../field-check.ts';
import { checkResponsesRequest } from './check.ts';
import { writeResponse } from './reply.ts';
import { itemsOf, readResponsesRequest, readSegments } from './request.ts';
import { writeFailure, writeResponseFrames } from './stream.ts';

/** `POST /responses` */
export function answerResponse(call: Call): Reply {
  const { body, memory, stored } = call;
  if (!isJsonObject(body)) return unreadableBody();
  const previousId = textOf(body.previous_response_id);
  const previous = previousId === '' ? undefined : stored.get(previousId);
  if (previousId !== '' && !previous) return unknownPrevious(previousId);
  const items = [...(previous?.items ?? []), ...itemsOf(body.input)];
  const problem = checkResponsesRequest(body, items);
  if (problem) return problem;

  const ask = readResponsesRequest(body, items);
  const directives = readDirectives(ask.userText, ask.model);
  if (directives.error) return { ...directedError(directives.error, call, ask.model), delayMs: directives.delayMs };
  if (directives.failsMidStream && !ask.stream) {
    return openAiError(500, {
      message: 'An error occurred while processing your request.',
      type: 'server_error',
      code: 'server_error',
    });
  }

  const prompt = memory.measureAutomatic(ask.model, ask.segments, CACHE_BLOCK_TOKENS);
  const answer = writeAnswer(ask, directives, 0);
  const response = writeResponse({ ask, answer, prompt, body });
  if (response.store) stored.set(textOf(response.id), { response, items: [...items, ...itemsOf(response.output)] });
  if (ask.stream) {
    const frames = writeResponseFrames(response, directives.chunks);
    return inManner(streamReply(frames, openAiHeaders()), directives, writeFailure(response));
  }
  const shown = body.background === true ? queued(response) : response;
  return inManner(jsonReply(shown, { headers: openAiHeaders() }), directives, []);
}

/** `GET /responses/{id}`, also to ask how a response in the background is doing. */
export function findResponse({ stored }: Call, id: string): Reply {
  const found = stored.get(id);
  return found ? jsonReply(found.response, { headers: openAiHeaders() }) : unknownResponse(id);
}

/** `DELETE /responses/{id}` */
export function deleteResponse({ stored }: Call, id: string): Reply {
  if (!stored.has(id)) return unknownResponse(id);
  stored.delete(id);
  return jsonReply({ id, object: 'response.deleted', deleted: true }, { headers: openAiHeaders() });
}

/** `POST /responses/input_tokens` */
export function countResponseInput({ body }: Call): Reply {
  if (!isJsonObject(body)) return unreadableBody();
  const tokens = countPrompt(readSegments(body, itemsOf(body.input)));
  return jsonReply({ object: 'response.input_tokens', input_tokens: tokens }, { headers: openAiHeaders() });
}

/** A response in the background begins as a promise. */
function queued(response: JsonObject): JsonObject {
  return { ...response, status: 'queued', completed_at: null, output: [], usage: null };
}

function unknownPrevious(id: string): Reply {
  const message = `Previous response with id '${id}' not found.`;
  return invalidRequest(message, 'previous_response_id', 'previous_response_not_found');
}

function unknownResponse(id: string): Reply {
  return openAiError(404, { message: `Response with id '${id}' not found.` });
}
