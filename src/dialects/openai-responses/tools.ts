import type { ChatRequest, Tool } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { Extras } from '../extras.ts';
import { check, invalid } from '../openai-common/check.ts';
import { serverToolName } from '../openai-common/server-tool.ts';
import { DIALECT } from './dialect-id.ts';
import { objects } from './fields.ts';
import { innerName, wholeName } from './namespace.ts';
import { isStrictSchema } from './strict-schema.ts';
import { renderToolChoice } from './tool-choice.ts';
import { WireCustomTool, WireFunctionTool, WireNamespace } from './wire.ts';

/** The type of an item that brings tools. */
export const ADDED_TOOLS = 'additional_tools';

/** A function is demanded to have a schema, also where it takes nothing. */
const NO_ARGUMENTS = { type: 'object', properties: {}, required: [], additionalProperties: false };

export function parseTools(tools: readonly JsonObject[], extras: Extras, path = 'tools'): Tool[] {
  return tools.flatMap((tool, index) => {
    const place = `${path}[${index}]`;
    return tool.type === 'namespace' ? parseNamespace(tool, place, extras) : [parseTool(tool, place, extras)];
  });
}

/**
 * The tools of items that bring some in the middle of a conversation, as Codex does. Other dialects know them only from the
 * start.
 */
export function parseAddedTools(input: unknown, extras: Extras): Tool[] {
  return objects(input).flatMap((item, index) =>
    item.type === ADDED_TOOLS ? parseTools(objects(item.tools), extras, `input[${index}].tools`) : [],
  );
}

function parseNamespace(wire: JsonObject, path: string, extras: Extras): Tool[] {
  const { name, description, tools: inner } = check(WireNamespace, wire, path);
  const namespace = withoutUndefined({ name, description });
  extras.keepRest(path, wire, ['type', 'name', 'description', 'tools']);
  return parseTools(inner, extras, `${path}.tools`).map((tool) =>
    tool.type === 'other' ? tool : { ...tool, name: wholeName(tool.name, name), namespace },
  );
}

function parseTool(tool: JsonObject, path: string, extras: Extras): Tool {
  switch (tool.type) {
    case 'function': {
      // Clients that come from Chat Completions nest the function, as it is there.
      if (isJsonObject(tool.function))
        return parseTool({ ...tool.function, type: 'function' }, `${path}.function`, extras);
      const { name, description, parameters, strict } = check(WireFunctionTool, tool, path);
      extras.keepRest(path, tool, ['type', 'name', 'description', 'parameters', 'strict']);
      return withoutUndefined({ type: 'function' as const, name, description, parameters, strict });
    }
    case 'custom': {
      const { name, description, format } = check(WireCustomTool, tool, path);
      extras.keepRest(path, tool, ['type', 'name', 'description', 'format']);
      return withoutUndefined({ type: 'custom' as const, name, description, format: format && nestGrammar(format) });
    }
    default:
      if (typeof tool.type !== 'string') throw invalid(`${path}.type`, 'must be a string');
      return { type: 'other', dialect: DIALECT, value: tool };
  }
}

/** The fields of a body about tools, and what was left out of them. */
export function renderTools(request: ChatRequest): { fields: JsonObject; dropped: string[] } {
  const isOwn = request.original.dialect === DIALECT;
  const dropped: string[] = [];
  const tools: JsonObject[] = [];
  const spaces = new Map<string, JsonObject[]>();
  const add = ({ name, namespace }: NamedTool, tool: JsonObject): void => {
    if (!namespace) {
      tools.push(tool);
      return;
    }
    const inner = spaces.get(namespace.name) ?? [];
    if (inner.length === 0) tools.push({ type: 'namespace', ...namespace, tools: inner });
    inner.push({ ...tool, name: innerName(name, namespace.name) });
    spaces.set(namespace.name, inner);
  };
  for (const tool of request.tools) {
    if (tool.type === 'function') add(tool, isOwn ? renderOwnFunction(tool) : renderFunction(tool, dropped));
    else if (tool.type === 'custom') add(tool, renderCustom(tool));
    else if (tool.dialect === DIALECT) tools.push(tool.value);
    else dropped.push(`tool ${serverToolName(tool.value)}`);
  }
  // A choice without tools to choose from is refused.
  if (tools.length === 0) return { fields: {}, dropped };
  const choice = request.toolChoice && renderToolChoice(request.toolChoice, request.tools);
  if (request.toolChoice && choice === undefined) dropped.push('toolChoice');
  const parallel = request.parallelToolCalls;
  return { fields: withoutUndefined({ tools, tool_choice: choice, parallel_tool_calls: parallel }), dropped };
}

type FunctionTool = Extract<Tool, { type: 'function' }>;
type NamedTool = Exclude<Tool, { type: 'other' }>;

/** Here an absent `strict` means true, and it stays absent where the client left it so. */
function renderOwnFunction({ name, description, parameters, strict }: FunctionTool): JsonObject {
  return withoutUndefined({ type: 'function', name, description, parameters, strict });
}

/** Elsewhere an absent `strict` means false; and what other vendors enforce can be more than OpenAI takes. */
function renderFunction(tool: FunctionTool, dropped: string[]): JsonObject {
  const { name, description, parameters = NO_ARGUMENTS } = tool;
  const strict = tool.strict === true && isStrictSchema(parameters);
  if (tool.strict && !strict) dropped.push('tools.strict');
  return withoutUndefined({ type: 'function', name, description, parameters, strict });
}

function renderCustom({ name, description, format }: Extract<Tool, { type: 'custom' }>): JsonObject {
  return withoutUndefined({ type: 'custom', name, description, format: format && flattenGrammar(format) });
}

/** A grammar is an object of its own in our words, as in Chat Completions; here its fields stand beside the type. */
function nestGrammar(format: JsonObject): JsonObject {
  const { type, ...grammar } = format;
  return type === 'grammar' && !isJsonObject(format.grammar) ? { type, grammar } : format;
}

function flattenGrammar(format: JsonObject): JsonObject {
  return format.type === 'grammar' && isJsonObject(format.grammar) ? { type: 'grammar', ...format.grammar } : format;
}
