import { isJsonObject } from '../../../../lib/json.ts';
import { type Call, frame, jsonReply, type Reply, streamReply } from '../../call.ts';
import { inManner } from '../../manner.ts';
import { readDirectives } from '../../script/directives.ts';
import { writeAnswer } from '../../script/script.ts';
import { directedError, openAiError, openAiHeaders, SERVER_ERROR } from '../error.ts';
import { unreadableBody } from '../field-check.ts';
import { checkChatRequest } from './check.ts';
import { writeChatCompletion, writeChatFrames } from './reply.ts';
import { readChatRequest } from './request.ts';

/** OpenAI caches prompts by itself, in blocks of this many tokens. */
export const CACHE_BLOCK_TOKENS = 128;
const BROKEN_OFF = [frame({ error: SERVER_ERROR }), 'data: [DONE]\n\n'];

/** `POST /chat/completions` */
export function answerChat(call: Call): Reply {
  const { body, memory } = call;
  if (!isJsonObject(body)) return unreadableBody();
  const problem = checkChatRequest(body);
  if (problem) return problem;

  const ask = readChatRequest(body);
  const directives = readDirectives(ask.userText, ask.model);
  if (directives.error) return { ...directedError(directives.error, call, ask.model), delayMs: directives.delayMs };
  if (directives.failsMidStream && !ask.stream)
    return openAiError(500, { message: 'The server had an error.', type: 'server_error' });

  const prompt = memory.measureAutomatic(ask.model, ask.segments, CACHE_BLOCK_TOKENS);
  const answers = Array.from({ length: ask.choices }, (_, choice) => writeAnswer(ask, directives, choice));
  const reply = { ask, answers, prompt, body, chunks: directives.chunks };
  return ask.stream
    ? inManner(streamReply(writeChatFrames(reply), openAiHeaders()), directives, BROKEN_OFF)
    : inManner(jsonReply(writeChatCompletion(reply), { headers: openAiHeaders() }), directives, []);
}
