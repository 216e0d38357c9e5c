import { isShallow } from '../openai-common/json-text.ts';

/** The value as JSON text; `undefined` where it is nested so deep that it can be parsed but not written again. */
export function shallowJson(value: unknown): string | undefined {
  return isShallow(value) ? JSON.stringify(value) : undefined;
}
