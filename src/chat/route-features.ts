import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What a routing decision was read from, small enough to keep with every request, and without a word of its text. */
export const RouteFeatures = z.object({
  complexity: z.enum(['simple', 'moderate', 'complex', 'expert']),
  confidence: share,
  difficulty: share,
  kind: z.enum(['code', 'math', 'general']),
  topic: z.string().nullable(),
  /** How likely a small, medium, large and frontier model is to fail it; null where nobody told. */
  failures: z.tuple([share, share, share, share]).nullable(),
  promptTokens: z.number(),
  /** Abilities that the request asks for. */
  needs: z.array(z.string()),
  /** Whether the client named the model itself. */
  isExplicit: z.boolean(),
  /** How likely it is about each kind of thing; see `topic-shares.ts`. Null for rows of before. */
  topics: z.string().max(64).nullable().catch(null),
});
export type RouteFeatures = z.infer<typeof RouteFeatures>;

/** Null for rows of before, and for what cannot be read. */
export function parseRouteFeatures(stored: string | null): RouteFeatures | null {
  if (stored === null) return null;
  const [complexity, confidence, difficulty, kind, topic, failures, promptTokens, needs, isExplicit, topics] =
    listOf(stored);
  const read = { complexity, confidence, difficulty, kind, topic, failures, promptTokens, needs, isExplicit, topics };
  return RouteFeatures.safeParse(read).data ?? null;
}

/** As a list, because the names would be most of it. */
export function renderRouteFeatures(features: RouteFeatures): string {
  const { complexity, confidence, difficulty, kind, topic, failures, promptTokens, needs, isExplicit, topics } =
    features;
  return JSON.stringify([
    ...[complexity, confidence, difficulty, kind, topic, failures, promptTokens, needs, isExplicit, topics],
  ]);
}

const List = z.array(z.unknown());

function listOf(stored: string): unknown[] {
  return List.safeParse(stored.startsWith('[') && stored.endsWith(']') ? JSON.parse(stored) : []).data ?? [];
}
