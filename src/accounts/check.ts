import { z } from 'zod';
import { GatewayError } from '../errors.ts';

/** What `value` is by `schema`. Throws `invalid_request` that names the first field which is wrong; `path` stands before it. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown, path: string[] = []): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const [unknown] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const at = [...path, ...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])];
  const message =
    unknown === undefined ? (issue?.message ?? 'This is not understood.') : `There is no "${unknown}" here.`;
  throw new GatewayError('invalid_request', message, { param: z.core.toDotPath(at) });
}
