import type { JsonObject } from '../../../../lib/json.ts';
import { nowSeconds, randomId } from '../../ids.ts';
import type { PromptTokens } from '../../prompt-memory.ts';
import { objectOf, objectsOf, textOf, textsOf } from '../../read.ts';
import type { Ask } from '../../script/ask.ts';
import type { Answer, AnsweredCall } from '../../script/script.ts';
import { signThoughts } from '../../signature.ts';

interface ResponseReply {
  ask: Ask;
  answer: Answer;
  prompt: PromptTokens;
  body: JsonObject;
}

/** A response that has come to its end: https://platform.openai.com/docs/api-reference/responses/object */
export function writeResponse(reply: ResponseReply): JsonObject {
  const isCut = reply.answer.ending === 'length';
  return {
    ...writeStarted(reply),
    status: isCut ? 'incomplete' : 'completed',
    completed_at: isCut ? null : nowSeconds(),
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: writeItems(reply),
    usage: writeUsage(reply),
  };
}

/** The same before it has begun: it repeats the whole request. */
function writeStarted({ ask, body }: ResponseReply): JsonObject {
  const { effort = null, summary = null } = objectOf(body.reasoning);
  const { format = { type: 'text' }, verbosity = 'medium' } = objectOf(body.text);
  const tier = textOf(body.service_tier);
  return {
    id: randomHexId('resp_'),
    object: 'response',
    created_at: nowSeconds(),
    status: 'in_progress',
    background: body.background === true,
    completed_at: null,
    error: null,
    frequency_penalty: 0,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: ask.maxTokens,
    max_tool_calls: body.max_tool_calls ?? null,
    model: ask.model,
    output: [],
    parallel_tool_calls: ask.isParallel,
    presence_penalty: 0,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort, summary },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: tier === 'flex' || tier === 'priority' ? tier : 'default',
    store: body.store !== false,
    temperature: body.temperature ?? 1,
    text: { format, verbosity },
    tool_choice: body.tool_choice ?? 'auto',
    tools: objectsOf(body.tools),
    top_logprobs: body.top_logprobs ?? 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage: null,
    user: body.user ?? null,
    metadata: objectOf(body.metadata),
  };
}

function randomHexId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll('-', '') + crypto.randomUUID().slice(0, 18).replaceAll('-', '');
}

function writeItems({ answer, body }: ResponseReply): JsonObject[] {
  const { text, refusal, calls, ending } = answer;
  const items: JsonObject[] = [];
  if (answer.thinkingTokens > 0) items.push(writeReasoning(answer, body));
  if (calls.length === 0 || text !== '') {
    const part =
      refusal === null ? { type: 'output_text', annotations: [], logprobs: [], text } : { type: 'refusal', refusal };
    const status = ending === 'length' ? 'incomplete' : 'completed';
    items.push({ id: randomHexId('msg_'), type: 'message', status, role: 'assistant', content: [part] });
  }
  const isCut = (index: number) => ending === 'length' && index === calls.length - 1;
  return [...items, ...calls.map((call, index) => writeCall(call, isCut(index) ? 'incomplete' : 'completed'))];
}

/** Who keeps nothing at OpenAI has to ask for the thoughts in encrypted form to be able to send them back. */
function writeReasoning({ thoughts, text, calls }: Answer, body: JsonObject): JsonObject {
  const isEncrypted = textsOf(body.include).includes('reasoning.encrypted_content');
  return {
    id: randomHexId('rs_'),
    type: 'reasoning',
    ...(isEncrypted ? { encrypted_content: signThoughts('openai', JSON.stringify([thoughts, text, calls])) } : {}),
    summary: thoughts === '' ? [] : [{ type: 'summary_text', text: thoughts }],
  };
}

function writeCall({ argumentsText, isCustom, ...about }: AnsweredCall, status: string): JsonObject {
  const call = { status, call_id: randomId('call_', 24), ...about };
  if (isCustom) return { id: randomHexId('ctc_'), type: 'custom_tool_call', ...call, input: argumentsText };
  return { id: randomHexId('fc_'), type: 'function_call', ...call, arguments: argumentsText };
}

function writeUsage({ answer, prompt }: ResponseReply): JsonObject {
  const output = answer.thinkingTokens + answer.visibleTokens;
  return {
    input_tokens: prompt.total,
    input_tokens_details: { cached_tokens: prompt.read },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: answer.thinkingTokens },
    total_tokens: prompt.total + output,
  };
}
