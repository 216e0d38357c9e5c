import type { ChatEvent } from '../chat/event.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { Clock } from '../lib/clock.ts';
import type { Signals } from './learning/index.ts';
import type { Candidate, Routed, Router } from './router/index.ts';

interface Asked {
  requestId: string;
  keyId: string;
  ownerId: string;
  request: ChatRequest;
  routed: Routed;
  /** The ledger's features of the request. */
  stored: string;
}

interface HindsightStages {
  signals: Signals;
  router: Pick<Router, 'strengthOf'>;
  now: Clock;
}

/** Lets what a request says of earlier answers be heard, and gives who remembers its own; null where nobody learns. */
export function lookBack({ requestId, keyId, ownerId, request, routed, stored }: Asked, stages: HindsightStages) {
  const { signals, router, now } = stages;
  const { decision, candidates } = routed;
  const named = decision.isExplicit ? candidates[0] : undefined;
  const strengthOf = ({ model }: Candidate): number => router.strengthOf(model, decision.kind);
  const listener = signals.hear({
    ...{ request, ownerId, at: now() },
    named: named ? { model: named.model.id, strength: strengthOf(named) } : null,
  });
  if (!listener) return null;
  return {
    see: (event: ChatEvent): void => listener.see(event),
    /** The whole answer has come, from this model. */
    remember(by: Candidate): void {
      const who = { provider: by.providerId, model: by.model.id, strength: strengthOf(by) };
      listener.end({ requestId, keyId, ownerId, stored, at: now(), ...who });
    },
  };
}
