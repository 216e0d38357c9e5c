import { isJsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply, streamReply } from '../call.ts';
import { randomId } from '../ids.ts';
import { inManner } from '../manner.ts';
import { countPrompt } from '../prompt-memory.ts';
import { readDirectives } from '../script/directives.ts';
import { writeAnswer } from '../script/script.ts';
import { anthropicError, anthropicHeaders, directedError, invalidRequest } from './error.ts';
import { writeEvent, writeMessage, writeMessageFrames } from './reply.ts';
import { readMessagesRequest, readSegments } from './request.ts';
import { checkCountRequest, checkMessagesRequest } from './request-check.ts';

const UNREADABLE = 'The request body is not valid JSON.';

/** `POST /messages` */
export function answerMessages(call: Call): Reply {
  const { body, memory } = call;
  if (!isJsonObject(body)) return invalidRequest(UNREADABLE);
  const problem = checkMessagesRequest(body);
  if (problem) return problem;

  const ask = readMessagesRequest(body);
  const directives = readDirectives(ask.userText, ask.model);
  if (directives.error) return { ...directedError(directives.error, call, ask.model), delayMs: directives.delayMs };
  if (directives.failsMidStream && !ask.stream) return anthropicError(529, 'Overloaded');

  const prompt = memory.measureMarked(ask.model, ask.segments);
  const reply = { ask, answer: writeAnswer(ask, directives, 0), prompt, chunks: directives.chunks };
  return ask.stream
    ? inManner(streamReply(writeMessageFrames(reply), anthropicHeaders()), directives, [brokenOff()])
    : inManner(jsonReply(writeMessage(reply), { headers: anthropicHeaders() }), directives, []);
}

/** `POST /messages/count_tokens` */
export function countMessages({ body }: Call): Reply {
  if (!isJsonObject(body)) return invalidRequest(UNREADABLE);
  const problem = checkCountRequest(body);
  if (problem) return problem;
  return jsonReply({ input_tokens: countPrompt(readSegments(body)) }, { headers: anthropicHeaders() });
}

/** A failure in the middle of a stream is an event of its own, and nothing follows it. */
function brokenOff(): string {
  const error = { details: null, type: 'overloaded_error', message: 'Overloaded' };
  return writeEvent({ type: 'error', error, request_id: randomId('req_011C', 20) }, 0);
}
