import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RenderContext, StreamRenderer } from '../dialect.ts';
import { renderErrorBody } from './error.ts';
import { renderFinishReason } from './finish-reason.ts';
import { renderDetails } from './reasoning.ts';
import { renderAnnotation, renderLogprobs } from './render-annotation.ts';
import { renderId, wantsFunctionCall } from './render-reply.ts';
import { renderExtraContent } from './signature.ts';
import { renderUsage } from './usage.ts';

const DONE = 'data: [DONE]\n\n';

/** What has been sent of one choice. */
interface ChoiceState {
  textLength: number;
  hasRefusal: boolean;
  isStopped: boolean;
  /** The open call that has no arguments yet. */
  silentCall: number | undefined;
}

/** Writes `chat.completion.chunk`s: https://platform.openai.com/docs/api-reference/chat-streaming/streaming */
export function createStreamRenderer(context: RenderContext): StreamRenderer {
  const { request, model, createdAt } = context;
  const isLegacy = wantsFunctionCall(request);
  const choices = new Map<number, ChoiceState>();
  let id = renderId('', context);
  let isOver = false;

  function chunk(wireChoices: JsonObject[], usage: Usage | null): string {
    const body = {
      id,
      object: 'chat.completion.chunk',
      created: createdAt,
      model,
      system_fingerprint: null,
      choices: wireChoices,
      ...(request.wantsStreamUsage ? { usage: usage && renderUsage(usage) } : {}),
    };
    return `data: ${JSON.stringify(body)}\n\n`;
  }

  const choiceChunk = (index: number, fields: JsonObject) =>
    chunk([{ index, delta: {}, logprobs: null, finish_reason: null, ...fields }], null);

  /** What says the role of a choice, once. */
  function open(index: number): string {
    if (choices.has(index)) return '';
    choices.set(index, { textLength: 0, hasRefusal: false, isStopped: false, silentCall: undefined });
    return choiceChunk(index, { delta: { role: 'assistant', content: '', refusal: null } });
  }

  const send = (index: number, delta: JsonObject) => open(index) + choiceChunk(index, { delta });

  function update(index: number, change: (state: ChoiceState) => void): void {
    const state = choices.get(index);
    if (state) change(state);
  }

  function sendCall(index: number, call: number, fields: { fn: JsonObject } & JsonObject): string {
    const { fn, ...others } = fields;
    if (isLegacy) return call === 0 ? send(index, { function_call: fn }) : '';
    return send(index, { tool_calls: [{ index: call, ...others, function: fn }] });
  }

  function startCall(event: Extract<ChatEvent, { type: 'tool-call-start' }>): string {
    const { choice, call, name, isCustom, signature } = event;
    const extra = renderExtraContent(signature);
    if (isCustom) {
      customCalls.add(`${choice}:${call}`);
      const custom = { name, input: '' };
      return send(choice, { tool_calls: [{ index: call, id: event.id, type: 'custom', custom, ...extra }] });
    }
    const text = sendCall(choice, call, { id: event.id, type: 'function', fn: { name, arguments: '' }, ...extra });
    update(choice, (state) => {
      state.silentCall = call;
    });
    return text;
  }
  const customCalls = new Set<string>();

  function continueCall(choice: number, call: number, text: string): string {
    if (text === '') return '';
    if (customCalls.has(`${choice}:${call}`))
      return send(choice, { tool_calls: [{ index: call, custom: { input: text } }] });
    update(choice, (state) => {
      if (state.silentCall === call) state.silentCall = undefined;
    });
    return sendCall(choice, call, { fn: { arguments: text } });
  }

  /** Clients parse the arguments, and no text is no JSON. */
  function endCall(choice: number, call: number): string {
    return choices.get(choice)?.silentCall === call ? continueCall(choice, call, '{}') : '';
  }

  function stop(index: number, reason: Extract<ChatEvent, { type: 'stop' }>['reason']): string {
    const opened = open(index);
    const state = choices.get(index);
    if (!state || state.isStopped) return opened;
    state.isStopped = true;
    const finish = renderFinishReason(reason, state.hasRefusal);
    const word = isLegacy && finish === 'tool_calls' ? 'function_call' : finish;
    return opened + choiceChunk(index, { finish_reason: word });
  }

  function finish(usage: Usage): string {
    isOver = true;
    let text = choices.size === 0 ? stop(0, 'stop') : '';
    for (const index of choices.keys()) text += stop(index, 'other');
    return text + (request.wantsStreamUsage ? chunk([], usage) : '') + DONE;
  }

  function renderEvent(event: ChatEvent): string {
    switch (event.type) {
      case 'start':
        id = renderId(event.id, context);
        return open(0);
      case 'text-delta': {
        if (event.text === '') return '';
        const text = send(event.choice, { content: event.text });
        update(event.choice, (state) => {
          state.textLength += event.text.length;
        });
        return text;
      }
      case 'refusal-delta': {
        const text = send(event.choice, { refusal: event.text });
        update(event.choice, (state) => {
          state.hasRefusal = true;
        });
        return text;
      }
      case 'reasoning-delta':
        return event.text === '' ? '' : send(event.choice, { reasoning_content: event.text });
      case 'reasoning-end': {
        const details = renderDetails({ text: '', signature: event.signature, redacted: event.redacted });
        return details.length > 0 ? send(event.choice, { reasoning_details: details }) : '';
      }
      case 'tool-call-start':
        return startCall(event);
      case 'tool-call-delta':
        return continueCall(event.choice, event.call, event.argumentsText);
      case 'tool-call-end':
        return endCall(event.choice, event.call);
      case 'citation': {
        const annotations = renderAnnotation(event.citation, choices.get(event.choice)?.textLength ?? 0);
        return annotations.length > 0 ? send(event.choice, { annotations }) : '';
      }
      case 'logprobs': {
        const logprobs = { content: renderLogprobs(event.tokens), refusal: null };
        return open(event.choice) + choiceChunk(event.choice, { logprobs });
      }
      case 'stop':
        return stop(event.choice, event.reason);
      case 'finish':
        return finish(event.usage);
      case 'error':
        isOver = true;
        return `data: ${JSON.stringify(renderErrorBody(event.error))}\n\n${DONE}`;
      case 'usage':
      case 'other':
        return '';
    }
  }

  return { render: (event) => (isOver ? '' : renderEvent(event)) };
}
