import { isJsonObject, type JsonObject } from '../../../../lib/json.ts';
import type { Reply } from '../../call.ts';
import { objectOf, objectsOf, textOf } from '../../read.ts';
import { isSignedBy } from '../../signature.ts';
import { contentText } from '../chat/request.ts';
import { invalidRequest, missingParameter } from '../error.ts';
import { checkFields, checkRanges, type Range } from '../field-check.ts';
import { checkStrictSchema } from '../strict-schema.ts';

const FIELDS = new Set(
  (
    'access_programs background client_metadata context_management conversation image include input instructions max_output_tokens ' +
    'max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key ' +
    'prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options ' +
    'temperature text tool_choice tools top_logprobs top_p truncation user'
  ).split(' '),
);
const RANGES: Range[] = [
  ['temperature', 0, 2],
  ['top_p', 0, 1],
  ['max_output_tokens', 16, 1_000_000],
  ['top_logprobs', 0, 20],
];
const CONTENT_TYPES = [
  'input_text',
  'input_image',
  'output_text',
  'refusal',
  'input_file',
  'input_audio',
  'computer_screenshot',
  'summary_text',
];

/** What OpenAI would refuse in a request to the Responses API; `null` when it would answer. */
export function checkResponsesRequest(body: JsonObject, items: JsonObject[]): Reply | null {
  if (textOf(body.model) === '' && !isJsonObject(body.prompt)) return missingParameter('model');
  if (items.length === 0 && !isJsonObject(body.prompt)) {
    const message = "One of 'input' or 'previous_response_id' or 'prompt' or 'conversation' must be provided.";
    return invalidRequest(message, 'input', 'missing_required_parameter');
  }
  return (
    checkFields(body, FIELDS) ??
    checkRanges(body, RANGES) ??
    checkContents(items) ??
    checkCalls(items) ??
    checkReasoning(items) ??
    checkEncrypted(items) ??
    checkTools(objectsOf(body.tools), 'tools') ??
    checkAddedTools(items) ??
    checkFormat(body, items)
  );
}

/** The parts of a message have names of their own here, not those of chat completions. */
function checkContents(items: JsonObject[]): Reply | null {
  for (const [index, { content }] of items.entries()) {
    for (const [at, { type }] of objectsOf(content).entries()) {
      if (CONTENT_TYPES.includes(textOf(type))) continue;
      const supported = CONTENT_TYPES.map((one) => `'${one}'`).join(', ');
      const message = `Invalid value: '${textOf(type)}'. Supported values are: ${supported}.`;
      return invalidRequest(message, `input[${index}].content[${at}].type`, 'invalid_value');
    }
  }
  return null;
}

function checkCalls(items: JsonObject[]): Reply | null {
  const calls = new Set<string>();
  const outputs = new Set<string>();
  for (const { type, call_id } of items) {
    const id = textOf(call_id);
    if (type === 'function_call' || type === 'custom_tool_call') calls.add(id);
    if (type !== 'function_call_output' && type !== 'custom_tool_call_output') continue;
    if (!calls.has(id))
      return invalidRequest(`No tool call found for function call output with call_id ${id}.`, 'input');
    outputs.add(id);
  }
  const open = [...calls].find((id) => !outputs.has(id));
  return open === undefined ? null : invalidRequest(`No tool output found for function call ${open}.`, 'input');
}

/** Thoughts come back together with what they led to. */
function checkReasoning(items: JsonObject[]): Reply | null {
  for (const [index, { type, id }] of items.entries()) {
    const next = items[index + 1];
    if (type !== 'reasoning' || (next && next.role !== 'user' && !textOf(next.type).endsWith('_output'))) continue;
    const message = `Item '${textOf(id)}' of type 'reasoning' was provided without its required following item.`;
    return invalidRequest(message, 'input');
  }
  return null;
}

function checkEncrypted(items: JsonObject[]): Reply | null {
  const foreign = items.find(
    ({ type, encrypted_content }) => type === 'reasoning' && !isSignedBy('openai', textOf(encrypted_content)),
  );
  if (!foreign) return null;
  const message = `The encrypted content for item ${textOf(foreign.id)} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`;
  return invalidRequest(message, null, 'invalid_encrypted_content');
}

function checkAddedTools(items: JsonObject[]): Reply | null {
  for (const [index, { type, tools }] of items.entries()) {
    const problem = type === 'additional_tools' ? checkTools(objectsOf(tools), `input[${index}].tools`) : null;
    if (problem) return problem;
  }
  return null;
}

function checkTools(tools: JsonObject[], path: string): Reply | null {
  for (const [index, { type, name, strict, parameters, tools: inner }] of tools.entries()) {
    const at = `${path}[${index}]`;
    if (textOf(type) === '') return missingParameter(`${at}.type`);
    if (type !== 'function' && type !== 'custom' && type !== 'namespace') continue;
    if (textOf(name) === '') return missingParameter(`${at}.name`);
    const inside = checkTools(objectsOf(inner), `${at}.tools`);
    if (inside) return inside;
    if (strict !== true) continue;
    const problem = checkStrictSchema(`function '${textOf(name)}'`, objectOf(parameters), `${at}.parameters`);
    if (problem) return problem;
  }
  return null;
}

function checkFormat(body: JsonObject, items: JsonObject[]): Reply | null {
  const { type, strict, name, schema } = objectOf(objectOf(body.text).format);
  if (strict === true) {
    return checkStrictSchema(`response_format '${textOf(name)}'`, objectOf(schema), 'text.format.schema');
  }
  if (type !== 'json_object') return null;
  if (/json/i.test(textOf(body.instructions)) || items.some(({ content }) => /json/i.test(contentText(content))))
    return null;
  const message =
    "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.";
  return invalidRequest(message, 'input');
}
