import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import type { RenderContext, StreamRenderer } from '../dialect.ts';
import { createContentWriter } from './content-writer.ts';
import { renderError } from './error.ts';
import { renderStopReason } from './finish-reason.ts';
import { frame, messageId } from './reply-blocks.ts';
import { renderFinalUsage, renderUsage } from './usage.ts';

type Stop = Extract<ChatEvent, { type: 'stop' }>;

/**
 * Writes a reply as this wire's stream. `message_start` waits for the first event that is neither `start` nor `usage`, so
 * that it carries the prompt's tokens where they are known by then, and our estimate of them otherwise: programs show how full
 * the context is by it. The end carries all counts in any case.
 */
export function createStreamRenderer(context: RenderContext): StreamRenderer {
  const content = createContentWriter();
  let id = '';
  let usage: Usage = { ...NO_USAGE, input: context.promptTokens ?? 0 };
  let isBegun = false;
  let isOver = false;
  let stop: Stop | undefined;

  function begin(): string {
    if (isBegun) return '';
    isBegun = true;
    const message = {
      id: messageId(id, context),
      type: 'message',
      role: 'assistant',
      model: context.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: renderUsage(usage),
    };
    return frame('message_start', { message });
  }

  function finish(final: Usage): string {
    isOver = true;
    const blocks = content.close();
    const delta = {
      stop_reason: renderStopReason(stop?.reason ?? 'other', content.seen),
      stop_sequence: stop?.stopSequence ?? null,
    };
    return blocks + frame('message_delta', { delta, usage: renderFinalUsage(final) }) + frame('message_stop', {});
  }

  function render(event: ChatEvent): string {
    if (isOver) return '';
    switch (event.type) {
      case 'start':
        id = event.id;
        return '';
      case 'usage':
        usage = event.usage;
        return '';
      case 'other':
      case 'logprobs':
        return '';
      case 'stop':
        // Only the first answer is shown; its reason is written with the usage, at the end.
        if (event.choice === 0) stop = event;
        return begin();
      case 'finish':
        if (!isBegun) usage = event.usage;
        return begin() + finish(event.usage);
      case 'error': {
        isOver = true;
        return errorFrame(event, context);
      }
      default:
        return event.choice === 0 ? begin() + content.write(event) : '';
    }
  }

  return { render };
}

function errorFrame({ error }: Extract<ChatEvent, { type: 'error' }>, { requestId }: RenderContext): string {
  return frame('error', renderError(error, requestId).body);
}
