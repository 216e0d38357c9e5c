import type { ChatRequest, Tool, ToolChoice } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { check, invalid } from '../openai-common/check.ts';
import { serverToolName } from '../openai-common/server-tool.ts';
import { DIALECT } from './dialect-id.ts';
import { parseCache } from './parse-content.ts';
import { WireAllowedChoice, WireCustomChoice, WireFunctionChoice, type WireRequest, WireTool } from './wire.ts';

/** `tools`, and the `functions` of old. */
export function parseTools({ tools = [], functions = [] }: WireRequest): Tool[] {
  return [
    ...tools.map((tool, index) => parseTool(tool, `tools[${index}]`)),
    ...functions.map((fields, index) => parseFunction(fields, `functions[${index}]`)),
  ];
}

function parseTool(tool: JsonObject, path: string): Tool {
  const { type } = tool;
  if (type === 'custom') {
    const { name, description, format } = check(WireTool, tool.custom, `${path}.custom`);
    return withoutUndefined({ type: 'custom' as const, name, description, format });
  }
  // Mistral's clients leave the type out.
  if (type === 'function' || ((type === undefined || type === null) && isJsonObject(tool.function))) {
    return { ...parseFunction(tool.function, `${path}.function`), ...parseCache(tool) };
  }
  if (typeof type !== 'string') throw invalid(`${path}.type`, 'must be a string');
  return { type: 'other', dialect: DIALECT, value: tool };
}

function parseFunction(fields: unknown, path: string): Extract<Tool, { type: 'function' }> {
  const { name, description, parameters, strict } = check(WireTool, fields, path);
  return withoutUndefined({ type: 'function' as const, name, description, parameters, strict });
}

/** `undefined` where the client gave none, or one that names a tool only the provider knows. */
export function parseToolChoice(wire: WireRequest): ToolChoice | undefined {
  if (wire.tool_choice !== undefined) return parseChoice(wire.tool_choice, 'tool_choice');
  return wire.function_call === undefined ? undefined : parseChoice(wire.function_call, 'function_call');
}

function parseChoice(choice: string | JsonObject, path: string): ToolChoice | undefined {
  const type = typeof choice === 'string' ? choice : choice.type;
  switch (type) {
    case 'auto':
    case 'none':
    case 'required':
      return { type };
    case 'any':
      return { type: 'required' };
    case 'custom':
      return { type: 'tool', name: check(WireCustomChoice, choice, path).custom.name };
    case 'allowed_tools': {
      const { mode, tools } = check(WireAllowedChoice, choice, path).allowed_tools;
      const names = tools.flatMap(
        ({ function: fn, custom, name }) => nameOf(fn) ?? nameOf(custom) ?? nameOf({ name }) ?? [],
      );
      return { type: 'allowed', mode, names };
    }
    case undefined:
    case null:
    case 'function':
      break;
    default:
      if (typeof choice !== 'string' && typeof type === 'string') return undefined;
      throw invalid(path, 'must be `auto`, `none`, `required` or an object');
  }
  const flat = nameOf(choice);
  return { type: 'tool', name: flat ?? check(WireFunctionChoice, choice, path).function.name };
}

function nameOf(value: unknown): string | undefined {
  return isJsonObject(value) && typeof value.name === 'string' ? value.name : undefined;
}

/** The fields of a body about tools, and what was left out of them. */
export function renderTools(request: ChatRequest): { fields: JsonObject; dropped: string[] } {
  const dropped: string[] = [];
  const tools: JsonObject[] = [];
  for (const tool of request.tools) {
    if (tool.type !== 'other' || tool.dialect === DIALECT) tools.push(renderTool(tool));
    else dropped.push(`tool ${serverToolName(tool.value)}`);
  }
  // OpenAI refuses a choice without tools to choose from.
  if (tools.length === 0) return { fields: {}, dropped };
  const choice = request.toolChoice && renderToolChoice(request.toolChoice, request.tools);
  if (request.toolChoice && choice === undefined) dropped.push('toolChoice');
  const parallel = request.parallelToolCalls;
  return { fields: withoutUndefined({ tools, tool_choice: choice, parallel_tool_calls: parallel }), dropped };
}

function renderTool(tool: Tool): JsonObject {
  if (tool.type === 'other') return tool.value;
  const { type, name, description } = tool;
  if (type === 'custom') return { type, custom: withoutUndefined({ name, description, format: tool.format }) };
  const { parameters, strict } = tool;
  return { type, function: withoutUndefined({ name, description, parameters, strict }) };
}

function renderToolChoice(choice: ToolChoice, tools: readonly Tool[]): unknown {
  const reference = (name: string): JsonObject | undefined => {
    const tool = tools.find((candidate) => candidate.type !== 'other' && candidate.name === name);
    return tool && { type: tool.type, [tool.type]: { name } };
  };
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.type;
    case 'tool':
      return reference(choice.name);
    case 'allowed': {
      const [first, ...others] = choice.names.flatMap((name) => reference(name) ?? []);
      if (!first) return undefined;
      if (others.length === 0 && choice.mode === 'required') return first;
      return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: [first, ...others] } };
    }
  }
}
