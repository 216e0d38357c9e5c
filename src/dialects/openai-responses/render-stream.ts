import type { ChatEvent, StopReason } from '../../chat/event.ts';
import type { Usage } from '../../chat/usage.ts';
import type { GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RenderContext, StreamRenderer } from '../dialect.ts';
import { renderEnd } from './finish-reason.ts';
import { errorFields } from './render-error.ts';
import { idBase, type Progress, renderResponse, responseId } from './response-object.ts';
import { createOutputWriter } from './write-output.ts';

/** Writes a reply as events: https://platform.openai.com/docs/api-reference/responses-streaming */
export function createStreamRenderer(context: RenderContext): StreamRenderer {
  /** Frames of the event that is being rendered. */
  let frames = '';
  let sequenceNumber = 0;
  let id = responseId('', context);
  let isBegun = false;
  let isOver = false;
  let reason: StopReason | undefined;

  function emit(type: string, fields: JsonObject): void {
    frames += `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequenceNumber++, ...fields })}\n\n`;
  }

  const writer = createOutputWriter({ idBase: idBase(context), tools: context.request.tools, emit });

  function emitResponse(type: string, progress: Omit<Progress, 'id'>): void {
    emit(type, { response: renderResponse({ id, ...progress }, context) });
  }

  function begin(): void {
    if (isBegun) return;
    isBegun = true;
    for (const type of ['response.created', 'response.in_progress']) {
      emitResponse(type, { status: 'in_progress', output: [], usage: null });
    }
  }

  function finish(usage: Usage): void {
    begin();
    isOver = true;
    const end = renderEnd(reason ?? 'other', writer.hasRefusal());
    writer.close(end.status);
    emitResponse(`response.${end.status}`, { ...end, output: writer.output, usage });
  }

  function fail(error: GatewayError): void {
    isOver = true;
    const fields = errorFields(error);
    const { code, message } = fields;
    emit('error', { error: fields });
    const output = writer.output.filter((item) => item.type !== undefined);
    emitResponse('response.failed', { status: 'failed', output, usage: null, error: { code, message } });
  }

  function write(event: Exclude<ChatEvent, { type: 'start' | 'usage' | 'other' | 'finish' | 'error' }>): void {
    // Only the first answer has a place here.
    if (event.choice !== 0) return;
    begin();
    switch (event.type) {
      case 'text-delta':
        writer.addText(event.text, event.signature);
        return;
      case 'refusal-delta':
        writer.addRefusal(event.text);
        return;
      case 'reasoning-delta':
        writer.addThought(event.text);
        return;
      case 'reasoning-end':
        writer.endThoughts(event);
        return;
      case 'tool-call-start':
        writer.startCall(event);
        return;
      case 'tool-call-delta':
        writer.addArguments(event.call, event.argumentsText);
        return;
      case 'tool-call-end':
        writer.endCall(event.call);
        return;
      case 'citation':
        writer.addCitation(event.citation);
        return;
      case 'logprobs':
        writer.addLogprobs(event.tokens);
        return;
      case 'stop':
        reason ??= event.reason;
        writer.close(renderEnd(reason, writer.hasRefusal()).status);
    }
  }

  function render(event: ChatEvent): string {
    if (isOver) return '';
    frames = '';
    switch (event.type) {
      case 'start':
        id = isBegun ? id : responseId(event.id, context);
        begin();
        break;
      case 'finish':
        finish(event.usage);
        break;
      case 'error':
        fail(event.error);
        break;
      case 'usage':
      case 'other':
        break;
      default:
        write(event);
    }
    return frames;
  }

  return { render };
}
