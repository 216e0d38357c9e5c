import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply, streamReply } from '../call.ts';
import { inManner } from '../manner.ts';
import { countPrompt } from '../prompt-memory.ts';
import { objectOf, objectsOf } from '../read.ts';
import { readDirectives } from '../script/directives.ts';
import { writeAnswer } from '../script/script.ts';
import { directedError, googleError, invalidArgument, UNAVAILABLE } from './error.ts';
import { fieldOf } from './fields.ts';
import { writeResponse, writeResponses } from './reply.ts';
import { readGenerateRequest, readSegments } from './request.ts';
import { checkGenerateRequest } from './request-check.ts';

export const JSON_HEADERS = { 'content-type': 'application/json; charset=UTF-8' };
const UNREADABLE = 'Invalid JSON payload received. Expected a value.';
const OVERLOADED = 'The model is overloaded. Please try again later.';

/** `POST /models/{model}:generateContent` */
export function generateContent(call: Call, model: string): Reply {
  return answer(call, model, (reply, directives) => {
    if (directives.failsMidStream) return googleError(503, OVERLOADED);
    return inManner(jsonReply(writeResponse(reply), { headers: JSON_HEADERS }), directives, []);
  });
}

/**
 * `POST /models/{model}:streamGenerateContent`: an event stream with `alt=sse`, else one JSON array written bit by bit. Errors
 * follow the form without becoming part of it: a plain object called an event stream, or an array.
 */
export function streamGenerateContent(call: Call, model: string): Reply {
  const isSse = call.query.get('alt') === 'sse';
  const error = JSON.stringify({ error: UNAVAILABLE }, null, 2);
  const failure = isSse ? [`${error}\r\n`] : [`\n,\r\n${error}`, '\n]'];
  const reply = answer(call, model, (written, directives) => {
    const frames = isSse ? writeResponses(written).map(sseFrame) : arrayFrames(writeResponses(written));
    const headers = isSse ? { 'content-type': 'text/event-stream' } : JSON_HEADERS;
    return inManner(streamReply(frames, headers), directives, failure);
  });
  if (reply.status === 200) return reply;
  if (isSse) return { ...reply, headers: { ...reply.headers, 'content-type': 'text/event-stream' } };
  return { ...reply, frames: reply.frames.map((body) => `[${body}]`) };
}

/** `POST /models/{model}:countTokens`: the contents alone, or a whole request. */
export function countTokens({ body }: Call): Reply {
  if (!isJsonObject(body)) return invalidArgument(UNREADABLE);
  const request = objectOf(fieldOf(body, 'generateContentRequest') ?? body);
  if (objectsOf(request.contents).length === 0) {
    return invalidArgument('* CountTokensRequest.contents: contents is not specified\n');
  }
  const tokenCount = countPrompt(readSegments(request));
  const counted = { totalTokens: tokenCount, promptTokensDetails: [{ modality: 'TEXT', tokenCount }] };
  return jsonReply(counted, { headers: JSON_HEADERS });
}

type Write = (reply: Parameters<typeof writeResponse>[0], directives: ReturnType<typeof readDirectives>) => Reply;

function answer({ body, memory, path }: Call, model: string, write: Write): Reply {
  if (!isJsonObject(body)) return invalidArgument(UNREADABLE);
  const problem = checkGenerateRequest(body, model);
  if (problem) return problem;

  const ask = readGenerateRequest(body, { model, stream: path.endsWith(':streamGenerateContent') });
  const directives = readDirectives(ask.userText, model);
  if (directives.error) return { ...directedError(directives.error, model), delayMs: directives.delayMs };

  const prompt = memory.measureAutomatic(model, ask.segments, 1);
  const answers = Array.from({ length: ask.choices }, (_, choice) => writeAnswer(ask, directives, choice));
  return write({ ask, answers, prompt, chunks: directives.chunks }, directives);
}

function sseFrame(response: JsonObject): string {
  return `data: ${JSON.stringify(response)}\r\n\r\n`;
}

function arrayFrames(responses: JsonObject[]): string[] {
  const written = responses.map((response, at) => `${at === 0 ? '[' : '\n,\r\n'}${JSON.stringify(response, null, 2)}`);
  return [...written, '\n]'];
}
