import type { ChatRequest, Tool, ToolChoice } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { Extras } from '../extras.ts';
import { parseCacheControl } from './cache-control.ts';
import { invalidField, readField } from './field.ts';
import type { Rendering } from './rendering.ts';
import { strictSchema } from './strict-schema.ts';
import { DIALECT, wireFunctionTool, wireTool, wireToolChoice } from './wire.ts';

/** The tools a client offers; those the provider runs itself stay as they are. Throws `invalid_request`. */
export function parseTools(tools: unknown[], extras: Extras): Tool[] {
  return tools.map((value, index) => {
    const path = `tools[${index}]`;
    const { type } = readField(wireTool, value, path);
    if (type && type !== 'custom') return { type: 'other', dialect: DIALECT, value: isJsonObject(value) ? value : {} };
    const tool = readField(wireFunctionTool, value, path);
    extras.keepRest(path, value, ['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']);
    return withoutUndefined({
      type: 'function' as const,
      name: tool.name,
      description: tool.description ?? undefined,
      parameters: tool.input_schema,
      strict: tool.strict ?? undefined,
      cache: parseCacheControl(tool.cache_control),
    });
  });
}

/** Which tool to call, and whether several at once. Throws `invalid_request`. */
export function parseToolChoice(value: unknown): Pick<ChatRequest, 'toolChoice' | 'parallelToolCalls'> {
  if (value === null || value === undefined) return {};
  const { type, name, disable_parallel_tool_use: isSerial } = readField(wireToolChoice, value, 'tool_choice');
  const parallel = typeof isSerial === 'boolean' ? { parallelToolCalls: !isSerial } : {};
  if (type !== 'tool') return { toolChoice: { type: type === 'any' ? 'required' : type }, ...parallel };
  if (!name) throw invalidField('tool_choice.name', 'expected string, received undefined');
  return { toolChoice: { type, name }, ...parallel };
}

/** The tools, without those another vendor would run itself, and the choice among them. */
export function renderTools(
  request: ChatRequest,
  rendering: Rendering,
): { tools?: JsonObject[]; tool_choice?: JsonObject } {
  const { toolChoice } = request;
  const allowed = toolChoice?.type === 'allowed' ? toolChoice.names : undefined;
  const tools = request.tools
    .filter((tool) => !allowed || ('name' in tool && allowed.includes(tool.name)))
    .flatMap((tool) => renderTool(tool, rendering));
  // A choice without tools is refused.
  if (tools.length === 0) return {};
  const choice = renderToolChoice(toolChoice, request.parallelToolCalls);
  return choice ? { tools, tool_choice: choice } : { tools };
}

function renderTool(tool: Tool, { drop, breakpoints }: Rendering): JsonObject[] {
  if (tool.type === 'other') {
    if (tool.dialect === DIALECT) return [tool.value];
    drop(`tools.${typeof tool.value.type === 'string' ? tool.value.type : 'other'}`);
    return [];
  }
  if (tool.type === 'custom') {
    throw new GatewayError(
      'unsupported',
      `The tool "${tool.name}" takes free text; the chosen model only calls tools with JSON arguments.`,
      { param: 'tools' },
    );
  }
  const strict = tool.strict && tool.parameters ? strictSchema(tool.parameters) : undefined;
  if (strict?.isLoose) drop('tools.strict');
  const isStrict = strict !== undefined && !strict.isLoose;
  const schema = isStrict ? strict.schema : tool.parameters;
  const block = withoutUndefined({
    name: tool.name,
    description: tool.description || undefined,
    input_schema: renderParameters(schema),
    strict: isStrict ? true : undefined,
  });
  return [breakpoints.mark(block, tool.cache)];
}

/** `type: "object"` is demanded, also of a tool that takes nothing. */
function renderParameters(schema: JsonObject | undefined): JsonObject {
  if (!schema || Object.keys(schema).length === 0) return { type: 'object', properties: {} };
  return schema.type === undefined ? { type: 'object', ...schema } : schema;
}

function renderToolChoice(choice: ToolChoice | undefined, parallel: boolean | undefined): JsonObject | undefined {
  if (!choice && parallel !== false) return undefined;
  const wanted = choice?.type === 'allowed' ? choice.mode : (choice?.type ?? 'auto');
  if (wanted === 'none') return { type: 'none' };
  const serial = parallel === false ? { disable_parallel_tool_use: true } : {};
  if (choice?.type === 'tool') return { type: 'tool', name: choice.name, ...serial };
  return { type: wanted === 'required' ? 'any' : 'auto', ...serial };
}
