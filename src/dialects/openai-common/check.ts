import type { z } from 'zod';
import { GatewayError } from '../../errors.ts';

/** An optional wire field; `null` means the same as absent. Most fields are absent, so that is what is asked first. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();
}

/**
 * What `value` is by `schema`. Throws `invalid_request` that names the field in the caller's spelling, `path` first:
 * `messages[0].content[1].image_url.url`.
 */
export function check<T extends z.ZodType>(schema: T, value: unknown, path = ''): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = fieldName(path, issue?.path ?? []);
  const isMissing = issue?.code === 'invalid_type' && issue.message.endsWith('received undefined');
  throw isMissing ? invalid(field, 'is required') : invalid(field, complaint(issue?.message ?? ''));
}

/** The error for a field that is wrong; `complaint` goes on where the field's name ends. */
export function invalid(field: string, complaint: string): GatewayError {
  const subject = field === '' ? 'The request body' : `\`${field}\``;
  return new GatewayError('invalid_request', `${subject} ${complaint}.`, { param: field });
}

function fieldName(path: string, rest: readonly PropertyKey[]): string {
  let name = path;
  for (const key of rest) {
    if (typeof key === 'number') name += `[${key}]`;
    else name += name === '' ? String(key) : `.${String(key)}`;
  }
  return name;
}

/** zod's own sentences start with what is wrong; ours, given in the schemas, go on after the field's name. */
function complaint(message: string): string {
  return message.startsWith('must ') ? message : `is not valid: ${message.replace(/^Invalid input: /, '')}`;
}
