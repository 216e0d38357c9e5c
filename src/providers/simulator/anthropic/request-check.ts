import type { JsonObject } from '../../../lib/json.ts';
import type { Reply } from '../call.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../read.ts';
import { invalidRequest } from './error.ts';
import { checkConversation } from './message-check.ts';
import { blocksOf } from './request.ts';

const FIELDS = new Set(
  (
    'max_tokens messages model billing_policy cache_control compaction container context_management diagnostics ' +
    'fallback_credit_token fallbacks inference_geo mcp_servers metadata output_config output_format service_tier speed ' +
    'stop_sequences stream system thinking thread tool_choice tools temperature top_k top_p user_profile_id workspace_id'
  ).split(' '),
);
const COUNTED_FIELDS = new Set([...FIELDS].filter((field) => field !== 'max_tokens' && field !== 'stream'));
const MIN_BUDGET_TOKENS = 1024;

/** What Anthropic would refuse in a request to the Messages API; `null` when it would answer. */
export function checkMessagesRequest(body: JsonObject): Reply | null {
  const missing = ['model', 'max_tokens', 'messages'].find(
    (field) => body[field] === undefined || body[field] === null,
  );
  if (missing) return invalidRequest(`${missing}: Field required`);
  return (
    checkFields(body, FIELDS) ??
    checkNumbers(body) ??
    checkConversation(objectsOf(body.messages)) ??
    checkTools(body) ??
    checkThinking(body) ??
    checkCacheMarks(body)
  );
}

/** The same for a request to count tokens, which has no limit and is never streamed. */
export function checkCountRequest(body: JsonObject): Reply | null {
  const missing = ['model', 'messages'].find((field) => body[field] === undefined);
  if (missing) return invalidRequest(`${missing}: Field required`);
  return checkFields(body, COUNTED_FIELDS) ?? checkConversation(objectsOf(body.messages)) ?? checkTools(body);
}

function checkFields(body: JsonObject, fields: ReadonlySet<string>): Reply | null {
  const unknown = Object.keys(body).find((field) => !fields.has(field));
  return unknown === undefined ? null : invalidRequest(`${unknown}: Extra inputs are not permitted`);
}

function checkNumbers(body: JsonObject): Reply | null {
  const limit = numberOf(body.max_tokens);
  if (limit === null || !Number.isInteger(limit)) return invalidRequest('max_tokens: Input should be a valid integer');
  if (limit < 1) return invalidRequest('max_tokens: must be greater than or equal to 1');
  for (const field of ['temperature', 'top_p']) {
    const value = numberOf(body[field]);
    if (value !== null && (value < 0 || value > 1)) return invalidRequest(`${field}: range: 0..1`);
  }
  if (textsOf(body.stop_sequences).some((stop) => stop.trim() === '')) {
    return invalidRequest('stop_sequences: each stop sequence must contain non-whitespace');
  }
  return null;
}

function checkTools(body: JsonObject): Reply | null {
  const tools = objectsOf(body.tools);
  for (const [index, { type, name, input_schema }] of tools.entries()) {
    if (type !== undefined && type !== null && type !== 'custom') continue;
    const at = `tools.${index}.custom`;
    if (textOf(name) === '') return invalidRequest(`${at}.name: Field required`);
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(textOf(name))) {
      return invalidRequest(`${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    }
    if (input_schema === undefined) return invalidRequest(`${at}.input_schema: Field required`);
    if (objectOf(input_schema).type === undefined) return invalidRequest(`${at}.input_schema.type: Field required`);
    if (objectOf(input_schema).type !== 'object')
      return invalidRequest(`${at}.input_schema.type: Input should be 'object'`);
  }
  if (new Set(tools.map(({ name }) => name)).size < tools.length)
    return invalidRequest('tools: Tool names must be unique.');
  return checkToolChoice(objectOf(body.tool_choice), tools);
}

function checkToolChoice({ type, name }: JsonObject, tools: JsonObject[]): Reply | null {
  if (type === undefined) return null;
  if (type !== 'none' && tools.length === 0) {
    return invalidRequest('tool_choice: tool_choice may only be specified while providing tools');
  }
  if (type === 'tool' && !tools.some((tool) => tool.name === name)) {
    return invalidRequest(`tool_choice: Tool '${textOf(name)}' not found in provided tools`);
  }
  if (['auto', 'any', 'tool', 'none'].includes(textOf(type))) return null;
  return invalidRequest(
    `tool_choice: Input tag '${textOf(type)}' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'`,
  );
}

/** https://docs.claude.com/en/docs/build-with-claude/extended-thinking */
function checkThinking(body: JsonObject): Reply | null {
  const { type, budget_tokens } = objectOf(body.thinking);
  if (type !== 'enabled' && type !== 'adaptive') return null;
  const choice = objectOf(body.tool_choice).type;
  if (choice === 'any' || choice === 'tool') {
    return invalidRequest('Thinking may not be enabled when tool_choice forces tool use.');
  }
  if (numberOf(body.temperature) !== null && body.temperature !== 1) {
    return invalidRequest('`temperature` may only be set to 1 when thinking is enabled.');
  }
  if (type === 'adaptive') return null;

  const budget = numberOf(budget_tokens);
  if (budget === null) return invalidRequest('thinking.enabled.budget_tokens: Field required');
  if (budget < MIN_BUDGET_TOKENS) {
    return invalidRequest(
      `thinking.enabled.budget_tokens: Input should be greater than or equal to ${MIN_BUDGET_TOKENS}`,
    );
  }
  if (budget >= (numberOf(body.max_tokens) ?? 0)) {
    return invalidRequest('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  return checkThinkingReplay(objectsOf(body.messages));
}

/** In a tool loop the turn that made the calls has to be replayed with the thoughts it began with. */
function checkThinkingReplay(messages: JsonObject[]): Reply | null {
  const index = messages.findLastIndex(({ role }) => role === 'assistant');
  const isLoop = blocksOf(messages[index + 1]?.content).some(({ type }) => type === 'tool_result');
  const [first] = blocksOf(messages[index]?.content);
  if (!isLoop || !first || first.type === 'thinking' || first.type === 'redacted_thinking') return null;
  return invalidRequest(
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${textOf(first.type)}\`. When ` +
      '`thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of ' +
      '`tool_use` and `tool_result` blocks).',
  );
}

function checkCacheMarks(body: JsonObject): Reply | null {
  const blocks = [
    body,
    ...objectsOf(body.tools),
    ...blocksOf(body.system),
    ...objectsOf(body.messages).flatMap(({ content }) => blocksOf(content)),
  ];
  const marks = blocks.filter(({ cache_control }) => cache_control !== undefined && cache_control !== null).length;
  if (marks <= 4) return null;
  return invalidRequest(`A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`);
}
