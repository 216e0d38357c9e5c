import type { JsonObject } from '../../../../lib/json.ts';
import { frame } from '../../call.ts';
import { nowSeconds, randomId } from '../../ids.ts';
import { splitText } from '../../manner.ts';
import type { PromptTokens } from '../../prompt-memory.ts';
import { objectOf } from '../../read.ts';
import type { Ask } from '../../script/ask.ts';
import type { Answer, AnsweredCall } from '../../script/script.ts';

interface ChatReply {
  ask: Ask;
  answers: Answer[];
  prompt: PromptTokens;
  body: JsonObject;
  chunks: number | null;
}

/** The body of a chat completion: https://platform.openai.com/docs/api-reference/chat/object */
export function writeChatCompletion(reply: ChatReply): JsonObject {
  return {
    ...headOf(reply, 'chat.completion'),
    choices: reply.answers.map((answer, index) => ({
      index,
      message: writeMessage(answer),
      logprobs: reply.body.logprobs === true ? writeLogprobs(answer.text, reply.body) : null,
      finish_reason: finishReasonOf(answer, reply.body),
    })),
    usage: writeChatUsage(reply),
  };
}

/** The frames of the same as a stream. Choices take turns, as they do when several are generated at once. */
export function writeChatFrames(reply: ChatReply): string[] {
  const options = objectOf(reply.body.stream_options);
  const wantsUsage = options.include_usage === true;
  const head = headOf(reply, 'chat.completion.chunk');
  const write = (choices: JsonObject[], usage: JsonObject | null, at: number) =>
    frame({
      ...head,
      choices,
      ...(wantsUsage ? { usage } : {}),
      ...(options.include_obfuscation === false ? {} : { obfuscation: randomId('', 3 + (at % 12)) }),
    });

  const lanes = reply.answers.map((answer, index) => writeDeltas(answer, index, reply));
  const turns = Math.max(0, ...lanes.map((lane) => lane.length));
  const choices = Array.from({ length: turns }, (_, turn) =>
    lanes.flatMap((lane) => lane.slice(turn, turn + 1)),
  ).flat();
  const frames = choices.map((choice, at) => write([choice], null, at));
  if (wantsUsage) frames.push(write([], writeChatUsage(reply), frames.length));
  return [...frames, 'data: [DONE]\n\n'];
}

function headOf({ ask, body }: ChatReply, object: string): JsonObject {
  const tier = body.service_tier;
  return {
    id: randomId('chatcmpl-', 29),
    object,
    created: nowSeconds(),
    model: ask.model,
    service_tier: tier === 'flex' || tier === 'priority' ? tier : 'default',
    system_fingerprint: 'fp_51a0a7ed00',
  };
}

function writeMessage({ text, refusal, calls }: Answer): JsonObject {
  const isSilent = refusal !== null || (text === '' && calls.length > 0);
  return {
    role: 'assistant',
    content: isSilent ? null : text,
    refusal,
    annotations: [],
    ...(calls.length > 0 ? { tool_calls: calls.map((call) => writeCall(call)) } : {}),
  };
}

function writeCall({ name, argumentsText, isCustom }: AnsweredCall): JsonObject {
  const id = randomId('call_', 24);
  return isCustom
    ? { id, type: 'custom', custom: { name, input: argumentsText } }
    : { id, type: 'function', function: { name, arguments: argumentsText } };
}

/** Everything one choice says, each delta wrapped as `choices` wants it. */
function writeDeltas(answer: Answer, index: number, { body, chunks }: ChatReply): JsonObject[] {
  const [opening, ...rest] = [...writeTextDeltas(answer, chunks), ...answer.calls.flatMap(writeCallDeltas)];
  const wrapped = [{ role: 'assistant', content: null, refusal: null, ...opening }, ...rest].map(
    (delta: JsonObject) => ({
      index,
      delta,
      logprobs: body.logprobs === true && delta.content ? writeLogprobs(`${delta.content}`, body) : null,
      finish_reason: null,
    }),
  );
  return [...wrapped, { index, delta: {}, logprobs: null, finish_reason: finishReasonOf(answer, body) }];
}

function writeTextDeltas({ text, refusal, calls }: Answer, chunks: number | null): JsonObject[] {
  if (refusal !== null) {
    return [{ content: null, refusal: '' }, ...splitText(refusal, chunks).map((piece) => ({ refusal: piece }))];
  }
  // A reply that only calls tools names the first of them in its first delta.
  if (text === '' && calls.length > 0) return [];
  return [{ content: '', refusal: null }, ...splitText(text, chunks).map((content) => ({ content }))];
}

/** The first delta of a call names it; the others only carry pieces of its arguments. */
function writeCallDeltas(call: AnsweredCall, index: number): JsonObject[] {
  const { id, type, ...named } = writeCall({ ...call, argumentsText: '' });
  const pieces = splitText(call.argumentsText, null).map((piece) =>
    call.isCustom ? { index, custom: { input: piece } } : { index, function: { arguments: piece } },
  );
  return [{ index, id, type, ...named }, ...pieces].map((toolCall) => ({ tool_calls: [toolCall] }));
}

/** A call the client insisted on by name ends with `stop`; only one the model chose ends with `tool_calls`. */
function finishReasonOf({ ending }: Answer, body: JsonObject): string {
  switch (ending) {
    case 'length':
      return 'length';
    case 'tool-calls':
      return objectOf(body.tool_choice).type === undefined || objectOf(body.tool_choice).type === 'allowed_tools'
        ? 'tool_calls'
        : 'stop';
    default:
      return 'stop';
  }
}

function writeLogprobs(text: string, body: JsonObject): JsonObject {
  const alternatives = typeof body.top_logprobs === 'number' ? body.top_logprobs : 0;
  const tokens = text.match(/.{1,4}/gsu) ?? [];
  const describe = (token: string, rank: number) => ({
    token,
    logprob: -0.05 - rank,
    bytes: [...new TextEncoder().encode(token)],
  });
  const content = tokens.map((token) => ({
    ...describe(token, 0),
    top_logprobs: Array.from({ length: alternatives }, (_, rank) =>
      describe(rank === 0 ? token : `${token}${rank}`, rank),
    ),
  }));
  return { content, refusal: null };
}

function writeChatUsage({ answers, prompt }: ChatReply): JsonObject {
  const reasoning = answers.reduce((sum, { thinkingTokens }) => sum + thinkingTokens, 0);
  const completion = answers.reduce((sum, { visibleTokens }) => sum + visibleTokens, reasoning);
  return {
    prompt_tokens: prompt.total,
    completion_tokens: completion,
    total_tokens: prompt.total + completion,
    prompt_tokens_details: { cached_tokens: prompt.read, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
