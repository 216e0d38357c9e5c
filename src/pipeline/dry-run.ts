import type { ChatRequest } from '../chat/request.ts';
import type { GatewayKey } from '../db/schema.ts';
import type { GatewayError } from '../errors.ts';
import { classify } from './classifier/index.ts';
import type { Stages } from './pipeline.ts';
import type { Decision } from './router/index.ts';
import { rulesFor } from './rules-for.ts';
import { readWishes } from './wishes.ts';

interface DryRun {
  key: GatewayKey;
  headers: Headers;
  /** Read once the key is let in. */
  readRequest: () => Promise<ChatRequest>;
}

interface DryRunOptions {
  stages: Pick<Stages, 'limits' | 'router'>;
  /** Whether the simulator answers in this provider's name. */
  isSimulated: (providerId: string) => boolean;
}

/**
 * What would answer a request and why, without asking anybody. Refuses what the call itself would be refused for, and takes
 * nothing but a request of the key's minute.
 */
export async function dryRun(
  { key, headers, readRequest }: DryRun,
  { stages, isSimulated }: DryRunOptions,
): Promise<Decision> {
  const pass = stages.limits.enter(key);
  try {
    const request = await readRequest();
    const classification = classify(request);
    const wishes = readWishes(headers, key, request);
    const rules = rulesFor({ key, request, classification, metadata: wishes.metadata });
    const question = { request, classification, ...wishes, rules, ownerId: key.userId ?? key.id };
    const { decision, candidates } = stages.router.choose({ ...question, allowance: pass.allowance });
    refuseAll(
      candidates.map(({ expected, providerId }) => pass.refuse({ ...expected, isSimulated: isSimulated(providerId) })),
    );
    return decision;
  } finally {
    pass.leave(null);
  }
}

/** Throws the reason of the first candidate where none of them may be asked. */
function refuseAll(refusals: readonly (GatewayError | null)[]): void {
  const [first] = refusals;
  if (first && refusals.every((refusal) => refusal !== null)) throw first;
}
