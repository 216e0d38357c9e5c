import type { ChatEvent, StopReason, TokenLogprob } from '../../chat/event.ts';
import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../chat/request.ts';
import type { GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RenderContext, StreamRenderer } from '../dialect.ts';
import { renderError } from './error.ts';
import { renderFinishReason } from './finish-reason.ts';
import { renderContent, renderMetadata, renderReplyPart, showsThoughts } from './render-reply.ts';
import { renderUsage } from './usage.ts';

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

interface ChoiceState {
  calls: Map<number, ToolCallPart>;
  citations: unknown[];
  logprobs: TokenLogprob[];
  reason: StopReason;
}

/**
 * Writes `alt=sse` frames. Google ends a stream with a chunk that has the finish reasons and the usage, and no
 * terminator.
 */
export function createStreamRenderer({ request, model, requestId }: RenderContext): StreamRenderer {
  const withThoughts = showsThoughts(request);
  const choices = new Map<number, ChoiceState>();
  let responseId = requestId;
  let isOver = false;

  const choiceAt = (index: number): ChoiceState => {
    const state = choices.get(index) ?? { calls: new Map(), citations: [], logprobs: [], reason: 'other' };
    choices.set(index, state);
    return state;
  };

  function render(event: ChatEvent): string {
    if (isOver) return '';
    switch (event.type) {
      case 'start':
        responseId = event.id || requestId;
        return '';
      case 'text-delta':
        return renderPart(event.choice, { type: 'text', text: event.text, signature: event.signature });
      case 'refusal-delta':
        return renderPart(event.choice, { type: 'refusal', text: event.text });
      case 'reasoning-delta':
        return renderThought(event.choice, { type: 'reasoning', text: event.text });
      case 'reasoning-end':
        return renderThought(event.choice, { type: 'reasoning', text: '', signature: event.signature });
      case 'tool-call-start':
        return startCall(event);
      case 'tool-call-delta': {
        const call = choiceAt(event.choice).calls.get(event.call);
        if (call) call.argumentsText += event.argumentsText;
        return '';
      }
      case 'tool-call-end':
        return endCall(event.choice, event.call);
      case 'citation':
        choiceAt(event.choice).citations.push(event.citation);
        return '';
      case 'logprobs':
        choiceAt(event.choice).logprobs.push(...event.tokens);
        return '';
      case 'stop':
        choiceAt(event.choice).reason = event.reason;
        return endCalls(event.choice);
      case 'finish':
        return finish(event);
      case 'error':
        return fail(event.error);
      case 'usage':
      case 'other':
        return '';
      default:
        return event satisfies never;
    }
  }

  function startCall({ choice, call, id, name, isCustom, signature }: EventOf<'tool-call-start'>): string {
    const part: ToolCallPart = { type: 'tool-call', id, name, argumentsText: '', isCustom, signature };
    const { calls } = choiceAt(choice);
    const before = endCall(choice, call);
    calls.set(call, part);
    return before;
  }

  // Google sends a call as one finished part.
  function endCall(choice: number, call: number): string {
    const { calls } = choiceAt(choice);
    const part = calls.get(call);
    calls.delete(call);
    return part ? renderPart(choice, part) : '';
  }

  function endCalls(choice: number): string {
    return [...choiceAt(choice).calls.keys()].map((call) => endCall(choice, call)).join('');
  }

  function renderThought(choice: number, part: ReasoningPart): string {
    return withThoughts ? renderPart(choice, part) : '';
  }

  function renderPart(choice: number, part: AssistantPart): string {
    choiceAt(choice);
    const parts = renderReplyPart(part);
    return parts.length > 0 ? chunk({ candidates: [{ content: { parts, role: 'model' }, index: choice }] }) : '';
  }

  function finish({ usage }: EventOf<'finish'>): string {
    if (choices.size === 0) choiceAt(0);
    const ordered = [...choices.keys()].sort((left, right) => left - right);
    const before = ordered.map(endCalls).join('');
    const candidates = ordered.map((index) => {
      const { reason, citations, logprobs } = choiceAt(index);
      return {
        content: renderContent([], reason),
        finishReason: renderFinishReason(reason),
        index,
        ...renderMetadata(citations, logprobs),
      };
    });
    const last = chunk({ candidates, usageMetadata: renderUsage(usage) });
    isOver = true;
    return before + last;
  }

  // Google itself breaks its stream with bare JSON, which its own clients find only by luck; in a frame all of them
  // see it.
  function fail(error: GatewayError): string {
    isOver = true;
    return frame(renderError(error, requestId).body);
  }

  function chunk(fields: JsonObject): string {
    return frame({ ...fields, modelVersion: model, responseId });
  }

  return { render };
}

function frame(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\r\n\r\n`;
}
