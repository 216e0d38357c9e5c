import type { Tool, ToolChoice } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { parseSchema } from './schema.ts';
import { DIALECT_ID, type WireRequest } from './wire.ts';

const MODES = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'];

type WireTool = NonNullable<WireRequest['tools']>[number];

/** The functions a client declares, and as `other` whatever Google runs itself. */
export function parseTools(wireTools: WireTool[]): Tool[] {
  return wireTools.flatMap(({ functionDeclarations, ...builtIn }) => {
    const tools: Tool[] = (functionDeclarations ?? []).map(
      ({ name, description, parameters, parametersJsonSchema }): Tool =>
        withoutUndefined({
          type: 'function' as const,
          name,
          description: description || undefined,
          parameters: parametersJsonSchema ?? (parameters ? parseSchema(parameters) : undefined),
        }),
    );
    for (const [key, value] of Object.entries(builtIn)) {
      if (value !== null && value !== undefined)
        tools.push({ type: 'other', dialect: DIALECT_ID, value: { [key]: value } });
    }
    return tools;
  });
}

/** Throws `invalid_request` for a mode Google does not have. */
export function parseToolChoice(toolConfig: WireRequest['toolConfig']): ToolChoice | undefined {
  const config = toolConfig?.functionCallingConfig;
  if (!config || config.mode === null || config.mode === undefined) return undefined;
  const mode = typeof config.mode === 'number' ? MODES[config.mode] : config.mode.toUpperCase();
  const names = config.allowedFunctionNames ?? [];
  const [only] = names;
  switch (mode) {
    case 'MODE_UNSPECIFIED':
      return undefined;
    case 'NONE':
      return { type: 'none' };
    case 'AUTO':
      return { type: 'auto' };
    case 'ANY':
      if (names.length > 1) return { type: 'allowed', mode: 'required', names };
      return only === undefined ? { type: 'required' } : { type: 'tool', name: only };
    case 'VALIDATED':
      return names.length > 0 ? { type: 'allowed', mode: 'auto', names } : { type: 'auto' };
    default: {
      const param = 'toolConfig.functionCallingConfig.mode';
      throw new GatewayError('invalid_request', `\`${param}\` must be AUTO, ANY, NONE or VALIDATED.`, { param });
    }
  }
}

/** Throws `unsupported` for a custom tool, because its free text would come back as JSON the client cannot read. */
export function renderTools(tools: Tool[], dropped: Set<string>): JsonObject[] | undefined {
  const functionDeclarations: JsonObject[] = [];
  const builtIn: JsonObject[] = [];
  for (const tool of tools) {
    switch (tool.type) {
      case 'function':
        if (tool.strict) dropped.add('strict');
        if (tool.cache) dropped.add('cache');
        functionDeclarations.push(
          withoutUndefined({
            name: tool.name,
            description: tool.description,
            parametersJsonSchema: tool.parameters,
          }),
        );
        break;
      case 'custom':
        throw new GatewayError('unsupported', `This model takes no custom tools, such as "${tool.name}".`, {
          param: 'tools',
        });
      case 'other':
        if (tool.dialect === DIALECT_ID) builtIn.push(tool.value);
        else dropped.add(`tools: ${kindOf(tool.value)}`);
        break;
      default:
        tool satisfies never;
    }
  }
  const rendered = functionDeclarations.length > 0 ? [{ functionDeclarations }, ...builtIn] : builtIn;
  return rendered.length > 0 ? rendered : undefined;
}

export function renderToolChoice(choice: ToolChoice | undefined): JsonObject | undefined {
  if (!choice) return undefined;
  switch (choice.type) {
    case 'auto':
      return { functionCallingConfig: { mode: 'AUTO' } };
    case 'none':
      return { functionCallingConfig: { mode: 'NONE' } };
    case 'required':
      return { functionCallingConfig: { mode: 'ANY' } };
    case 'tool':
      return { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [choice.name] } };
    case 'allowed': {
      // Only these two modes heed a list of names; VALIDATED leaves the model free to answer in text.
      const mode = choice.mode === 'required' ? 'ANY' : 'VALIDATED';
      return { functionCallingConfig: { mode, allowedFunctionNames: choice.names } };
    }
    default:
      return choice satisfies never;
  }
}

/** How to name a part or tool of another dialect to its client. */
export function kindOf(value: JsonObject): string {
  if (typeof value.type === 'string') return value.type;
  return (isJsonObject(value) && Object.keys(value)[0]) || 'other';
}
