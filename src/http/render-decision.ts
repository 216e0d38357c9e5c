import { ENGLISH, writeChoice, writeConversation, writePlace } from '../../views/why.ts';
import type { Decision } from '../pipeline/router/index.ts';

/** A decision as programs are told it: every reason as a code with its numbers (`why`), and as an English sentence. */
export function renderDecision({ candidates, conversation, ...decision }: Decision): object {
  return {
    ...decision,
    reason: writeChoice(ENGLISH, decision.why),
    conversation: conversation && {
      ...conversation,
      reason: writeConversation(ENGLISH, conversation.why, conversation.model),
    },
    candidates: candidates.map((one) => ({ ...one, reason: writePlace(ENGLISH, one.why) })),
  };
}
