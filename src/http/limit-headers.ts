import type { LimitState } from '../chat/limit-state.ts';
import type { Dialect } from '../dialects/dialect.ts';

/** Whose limits a reply tells of: nobody's until the key is known. */
export interface Limited {
  limits: (() => LimitState) | null;
}

/** The same response, with how far its caller may still go in the headers their SDK reads. */
export function withLimits(response: Response, dialect: Dialect, { limits }: Limited): Response {
  if (!limits) return response;
  for (const [name, value] of Object.entries(dialect.limitHeaders(limits()))) response.headers.set(name, value);
  return response;
}
