import type { ChatReply } from '../../chat/reply.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RenderContext } from '../dialect.ts';
import { renderStopReason } from './finish-reason.ts';
import { messageId, renderPart } from './reply-blocks.ts';
import { renderUsage } from './usage.ts';

/** The body of a reply. This wire knows one answer to a request, so the first is given. */
export function renderReply(reply: ChatReply, context: RenderContext): JsonObject {
  const choice = reply.choices[0];
  const parts = choice?.content ?? [];
  const seen = {
    refusal: parts.some((part) => part.type === 'refusal'),
    calls: parts.some((part) => part.type === 'tool-call'),
  };
  return {
    id: messageId(reply.id, context),
    type: 'message',
    role: 'assistant',
    model: context.model,
    content: parts.flatMap(renderPart),
    stop_reason: renderStopReason(choice?.reason ?? 'other', seen),
    stop_sequence: choice?.stopSequence ?? null,
    usage: renderUsage(reply.usage),
  };
}
