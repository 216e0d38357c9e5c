import type { ChatEvent } from '../../chat/event.ts';
import type { Signature } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import { isTooDeep } from '../too-deep.ts';
import { tryWriteJson } from './arguments.ts';
import { createReplyIds, newId } from './call-ids.ts';
import { parseErrorBody } from './error.ts';
import { parseStopReason } from './finish-reason.ts';
import { parseUsage } from './usage.ts';
import { DIALECT, type ReplyBlock, replyBlock, wireReply } from './wire.ts';

/** The events of a body that was not streamed. */
export function parseReply(body: unknown): ChatEvent[] {
  if (isJsonObject(body) && isJsonObject(body.error)) return [{ type: 'error', error: parseErrorBody(body) }];
  if (isTooDeep(body)) return [{ type: 'error', error: garbled() }];
  const parsed = wireReply.safeParse(body);
  if (!parsed.success || (parsed.data.type !== 'message' && !parsed.data.content))
    return [{ type: 'error', error: garbled() }];
  const reply = parsed.data;
  const events: ChatEvent[] = [{ type: 'start', id: reply.id || newId('msg'), model: reply.model ?? '' }];
  const idOf = createReplyIds();
  let calls = 0;
  for (const value of reply.content ?? []) {
    const block = replyBlock.parse(value);
    const id = block.type === 'tool_use' ? idOf(block.id) : '';
    events.push(...parseBlock(block, { call: calls, id }));
    if (block.type === 'tool_use') calls++;
  }
  const stopSequence = reply.stop_sequence ?? undefined;
  events.push({
    type: 'stop',
    choice: 0,
    reason: parseStopReason(reply.stop_reason),
    ...(stopSequence === undefined ? {} : { stopSequence }),
  });
  events.push({ type: 'finish', usage: parseUsage(reply.usage) });
  return events;
}

/** Blocks of tools the provider runs itself are no calls of ours, and say nothing here. */
function parseBlock(block: ReplyBlock, { call, id }: { call: number; id: string }): ChatEvent[] {
  switch (block.type) {
    case 'text': {
      const events: ChatEvent[] = [];
      if (block.text) events.push({ type: 'text-delta', choice: 0, text: block.text });
      for (const citation of block.citations ?? []) events.push({ type: 'citation', choice: 0, citation });
      return events;
    }
    case 'thinking': {
      const end: ChatEvent = { type: 'reasoning-end', choice: 0, ...signed(block.signature) };
      return block.thinking ? [{ type: 'reasoning-delta', choice: 0, text: block.thinking }, end] : [end];
    }
    case 'redacted_thinking':
      return [redactedBlock(block)];
    case 'tool_use':
      return [
        { type: 'tool-call-start', choice: 0, call, id, name: block.name ?? '' },
        { type: 'tool-call-delta', choice: 0, call, argumentsText: tryWriteJson(block.input ?? {}) ?? '{}' },
        { type: 'tool-call-end', choice: 0, call },
      ];
    default:
      return [];
  }
}

/** Thoughts the vendor encrypted: nothing to show, all to be replayed. */
export function redactedBlock(block: ReplyBlock): ChatEvent {
  return { type: 'reasoning-end', choice: 0, redacted: { dialect: DIALECT, value: block.data ?? '' } };
}

/** An empty signature is none. */
export function signed(value: string | null | undefined): { signature?: Signature } {
  return value ? { signature: { dialect: DIALECT, value } } : {};
}

/** The error for a reply nobody can read. */
export function garbled(cause?: unknown): GatewayError {
  return new GatewayError('provider_garbled', 'The provider sent a reply that makes no sense.', { cause });
}
