import { isJsonObject, type JsonObject, tryParseJson } from '../../lib/json.ts';
import { isTooDeep } from '../too-deep.ts';

/** JSON text, or `undefined` for what cannot be written, such as a value nested too deeply. */
export function tryWriteJson(value: unknown): string | undefined {
  return isTooDeep(value) ? undefined : JSON.stringify(value);
}

/**
 * The arguments of a tool call as the object this wire wants. Text that is no JSON object (a call cut off by the token
 * limit) or is nested too deeply to be written again is wrapped and not dropped, because `{}` would be a different, valid call.
 */
export function argumentsObject(argumentsText: string, isCustom: boolean | undefined): JsonObject {
  if (isCustom) return { input: argumentsText };
  if (argumentsText.trim() === '') return {};
  const value = tryParseJson(argumentsText);
  return isJsonObject(value) && !isTooDeep(value) ? value : { malformed_arguments: argumentsText };
}
