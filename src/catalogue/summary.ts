import { z } from 'zod';
import { tryParseJson } from '../lib/json.ts';

const Summary = z.object({
  startedAt: z.number(),
  endedAt: z.number(),
  source: z.enum(['job', 'api']),
  outcomes: z.array(
    z.object({ provider: z.string(), status: z.enum(['updated', 'unchanged', 'failed']), message: z.string() }),
  ),
  /** How many events it wrote down. */
  events: z.number(),
  isChanged: z.boolean(),
  /** Why it came to nothing as a whole; null otherwise. */
  error: z.string().nullable(),
});

/** What came of an update. */
export type UpdateSummary = z.infer<typeof Summary>;

/** The summary that was kept, if it still has this form. */
export function readSummary(text: string | null): UpdateSummary | null {
  return text === null ? null : (Summary.safeParse(tryParseJson(text)).data ?? null);
}

/** A summary of an update that did nothing. */
export function summaryOf(
  source: UpdateSummary['source'],
  rest: Pick<UpdateSummary, 'startedAt' | 'endedAt' | 'error'>,
): UpdateSummary {
  return { source, outcomes: [], events: 0, isChanged: false, ...rest };
}
