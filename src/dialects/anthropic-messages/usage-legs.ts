import { z } from 'zod';
import { type WireUsage, wireUsage } from './wire.ts';

const wireLeg = wireUsage.extend({ type: z.string() });

interface Legs {
  /** Summaries of the conversation, made on the way by the same model. */
  summaries: WireUsage[];
  /** How many legs of each other kind there were: another model's, billed by its own price list. */
  calls: Record<string, number>;
}

/**
 * What `iterations` tells that the counts outside of it leave out: they are those of the `message` legs alone.
 * https://platform.claude.com/docs/en/build-with-claude/compaction
 */
export function readLegs(iterations: readonly unknown[]): Legs {
  const legs: Legs = { summaries: [], calls: {} };
  for (const iteration of iterations) {
    const { data: leg } = wireLeg.safeParse(iteration);
    if (!leg || leg.type === 'message') continue;
    if (leg.type === 'compaction') legs.summaries.push(leg);
    else legs.calls[leg.type] = (legs.calls[leg.type] ?? 0) + 1;
  }
  return legs;
}
