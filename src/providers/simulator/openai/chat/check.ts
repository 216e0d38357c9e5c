import { isJsonObject, type JsonObject } from '../../../../lib/json.ts';
import type { Reply } from '../../call.ts';
import { objectOf, objectsOf, textOf } from '../../read.ts';
import { invalidRequest, missingParameter } from '../error.ts';
import { checkFields, checkRanges, type Range } from '../field-check.ts';
import { isReasoningModel } from '../reasoning.ts';
import { checkStrictSchema } from '../strict-schema.ts';
import { contentText } from './request.ts';

const FIELDS = new Set(
  (
    'messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens ' +
    'metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key ' +
    'prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier ' +
    'stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options'
  ).split(' '),
);
const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
const RANGES: Range[] = [
  ['temperature', 0, 2],
  ['top_p', 0, 1],
  ['presence_penalty', -2, 2],
  ['frequency_penalty', -2, 2],
  ['n', 1, 128],
  ['max_tokens', 1, 1_000_000],
  ['max_completion_tokens', 1, 1_000_000],
  ['top_logprobs', 0, 20],
];

/** What OpenAI would refuse in a chat completions request; `null` when it would answer. */
export function checkChatRequest(body: JsonObject): Reply | null {
  if (textOf(body.model) === '') return invalidRequest('you must provide a model parameter', null);
  if (!Array.isArray(body.messages)) return missingParameter('messages');
  if (body.messages.length === 0) {
    const message =
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.";
    return invalidRequest(message, 'messages', 'empty_array');
  }
  const odd = body.messages.findIndex((message) => !isJsonObject(message));
  if (odd !== -1) {
    return invalidRequest(
      `Invalid type for 'messages[${odd}]': expected an object.`,
      `messages[${odd}]`,
      'invalid_type',
    );
  }
  return (
    checkFields(body, FIELDS) ??
    checkRanges(body, RANGES) ??
    checkMessages(objectsOf(body.messages)) ??
    checkTools(objectsOf(body.tools)) ??
    checkCombinations(body)
  );
}

/** Every call must be answered right after the message that makes it, and nothing else may be. */
function checkMessages(messages: JsonObject[]): Reply | null {
  let open = new Set<string>();
  for (const [index, { role, tool_calls, tool_call_id, content }] of messages.entries()) {
    if (!ROLES.includes(textOf(role))) {
      const expected = ROLES.map((one) => `'${one}'`).join(', ');
      const message = `Invalid value: '${textOf(role)}'. Supported values are: ${expected}.`;
      return invalidRequest(message, `messages[${index}].role`, 'invalid_value');
    }
    if (role === 'tool') {
      if (!open.delete(textOf(tool_call_id))) {
        const message =
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
        return invalidRequest(message, `messages.[${index}].role`);
      }
      continue;
    }
    if (open.size > 0) return unansweredCalls(open, index);
    if (role !== 'assistant' && (content === undefined || content === null)) {
      const message = `Invalid value for 'content': expected a string, got null.`;
      return invalidRequest(message, `messages.[${index}].content`);
    }
    open = new Set(objectsOf(tool_calls).map(({ id }) => textOf(id)));
  }
  return open.size > 0 ? unansweredCalls(open, messages.length) : null;
}

function unansweredCalls(ids: ReadonlySet<string>, index: number): Reply {
  const message =
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The " +
    `following tool_call_ids did not have response messages: ${[...ids].join(', ')}`;
  return invalidRequest(message, `messages.[${index}].role`);
}

function checkTools(tools: JsonObject[]): Reply | null {
  for (const [index, tool] of tools.entries()) {
    const kind = tool.type === 'custom' ? 'custom' : 'function';
    const { name: given, strict, parameters } = objectOf(tool[kind]);
    const name = textOf(given);
    const param = `tools[${index}].${kind}.name`;
    if (name === '') return missingParameter(param);
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
      const message = `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
      return invalidRequest(message, param, 'invalid_value');
    }
    if (strict !== true) continue;
    const problem = checkStrictSchema(
      `function '${name}'`,
      objectOf(parameters),
      `tools[${index}].function.parameters`,
    );
    if (problem) return problem;
  }
  return null;
}

function checkCombinations(body: JsonObject): Reply | null {
  const model = textOf(body.model);
  if (body.max_tokens !== undefined && body.max_tokens !== null && isReasoningModel(model)) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    return invalidRequest(message, 'max_tokens', 'unsupported_parameter');
  }
  // https://platform.openai.com/docs/api-reference/chat/create#chat-create-stop
  if (body.stop !== undefined && body.stop !== null && /^(?:gpt-5|o3(?!-mini)|o4)/.test(model)) {
    const message = "Unsupported parameter: 'stop' is not supported with this model.";
    return invalidRequest(message, 'stop', 'unsupported_parameter');
  }
  if (body.stream_options !== undefined && body.stream_options !== null && body.stream !== true) {
    return invalidRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  }
  if (body.tool_choice !== undefined && body.tool_choice !== null && objectsOf(body.tools).length === 0) {
    return invalidRequest(
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      'tool_choice',
    );
  }
  if (body.top_logprobs !== undefined && body.top_logprobs !== null && body.logprobs !== true) {
    return invalidRequest(
      "Invalid value for 'top_logprobs': 'top_logprobs' is only allowed when 'logprobs' is enabled.",
      'top_logprobs',
    );
  }
  const { strict, name, schema } = objectOf(objectOf(body.response_format).json_schema);
  const problem =
    strict === true && checkStrictSchema(`response_format '${textOf(name)}'`, objectOf(schema), 'response_format');
  return problem || checkJsonMode(body);
}

/** JSON mode without the word "json" in the prompt is refused, because models then run on in white space. */
function checkJsonMode(body: JsonObject): Reply | null {
  if (objectOf(body.response_format).type !== 'json_object') return null;
  if (objectsOf(body.messages).some(({ content }) => /json/i.test(contentText(content)))) return null;
  const message =
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
  return invalidRequest(message, 'messages');
}
