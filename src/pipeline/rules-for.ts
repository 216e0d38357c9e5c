import type { ChatRequest } from '../chat/request.ts';
import { applyPolicy, type RouteRules } from '../chat/route-policy.ts';
import type { GatewayKey } from '../db/schema.ts';
import type { Classification } from './classifier/index.ts';
import { conversationKeyOf } from './router/index.ts';

interface Question {
  key: GatewayKey;
  request: ChatRequest;
  classification: Classification;
  metadata: Record<string, string>;
}

/** What the key's policy says of this request; undefined for a key without one. */
export function rulesFor({ key, request, classification, metadata }: Question): RouteRules | undefined {
  if (!key.policy) return undefined;
  const { kind, topic } = classification;
  const kinds = topic === null || topic === kind ? [kind] : [kind, topic];
  return applyPolicy(key.policy, { kinds, metadata, conversation: conversationKeyOf(request, key.id) });
}

/** What keeps answers apart in the cache that a policy may have chosen differently. */
export function policyScope(key: GatewayKey, metadata: Record<string, string>): string {
  return key.policy ? `${key.id} ${JSON.stringify(key.policy)} ${JSON.stringify(metadata)}` : '';
}
