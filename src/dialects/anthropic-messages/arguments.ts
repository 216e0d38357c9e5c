import { isJsonObject, type JsonObject, tryParseJson } from '../../lib/json.ts';

/** JSON text, or `undefined` for what cannot be written, such as a value nested too deeply. */
export function tryWriteJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/**
 * The arguments of a tool call as the object this wire wants. Text that is no JSON object (a call cut off by the token
 * limit) is wrapped and not dropped, because `{}` would be a different, valid call.
 */
export function argumentsObject(argumentsText: string, isCustom: boolean | undefined): JsonObject {
  if (isCustom) return { input: argumentsText };
  if (argumentsText.trim() === '') return {};
  const value = tryParseJson(argumentsText);
  return isJsonObject(value) ? value : { malformed_arguments: argumentsText };
}
