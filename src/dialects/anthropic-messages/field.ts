import type { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { joinPath } from '../extras.ts';

/** The value as the schema reads it. Throws `invalid_request` that names the field, below `path`, in the caller's spelling. */
export function readField<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = (issue?.path ?? []).reduce<string>(joinPath, path);
  const problem = (issue?.message ?? 'it has an unexpected shape').replace(/^Invalid input: /, '');
  throw invalidField(field, problem);
}

/** The error for one field; an empty `field` means the whole body. */
export function invalidField(field: string, problem: string): GatewayError {
  if (field === '') return new GatewayError('invalid_request', `The request body is not valid: ${problem}.`);
  const sentence = problem.endsWith('received undefined')
    ? `The field \`${field}\` is required.`
    : `The field \`${field}\` is not valid: ${problem}.`;
  return new GatewayError('invalid_request', sentence, { param: field });
}
