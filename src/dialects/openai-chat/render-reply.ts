import type { ChatReply, Choice } from '../../chat/reply.ts';
import type { AssistantPart, ChatRequest, ToolCallPart } from '../../chat/request.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderContext } from '../dialect.ts';
import { renderServiceTier } from '../openai-common/service-tier.ts';
import { DIALECT } from './dialect-id.ts';
import { renderFinishReason } from './finish-reason.ts';
import { renderDetails } from './reasoning.ts';
import { renderAnnotation, renderLogprobs } from './render-annotation.ts';
import { renderExtraContent } from './signature.ts';
import { renderUsage } from './usage.ts';

const EMPTY: Choice = { content: [], reason: 'stop', logprobs: [] };

/** A `chat.completion`: https://platform.openai.com/docs/api-reference/chat/object */
export function renderReply(reply: ChatReply, context: RenderContext): JsonObject {
  const choices = reply.choices.length > 0 ? reply.choices : [EMPTY];
  const isLegacy = wantsFunctionCall(context.request);
  return withoutUndefined({
    id: renderId(reply.id, context),
    object: 'chat.completion',
    created: context.createdAt,
    model: context.model,
    choices: choices.map((choice, index) => renderChoice(choice, index, isLegacy ? 'function_call' : 'tool_calls')),
    usage: renderUsage(reply.usage),
    service_tier: renderServiceTier(reply.usage.serviceTier),
    system_fingerprint: null,
  });
}

/** OpenAI's own id, or one of its form. */
export function renderId(id: string, { requestId }: RenderContext): string {
  return id.startsWith('chatcmpl-') ? id : `chatcmpl-${requestId}`;
}

/** Clients that still send `functions` look for a `function_call` in the answer. */
export function wantsFunctionCall({ original: { dialect, body } }: ChatRequest): boolean {
  return dialect === DIALECT && Array.isArray(body.functions) && !Array.isArray(body.tools);
}

/** Both the field of the message and the reason it ends with. */
type CallField = 'function_call' | 'tool_calls';

function renderChoice({ content, reason, logprobs }: Choice, index: number, callField: CallField): JsonObject {
  const message = renderMessage(content, callField);
  const finish = renderFinishReason(reason, message.refusal !== null);
  return {
    index,
    message,
    logprobs: logprobs.length > 0 ? { content: renderLogprobs(logprobs), refusal: null } : null,
    finish_reason: finish === 'tool_calls' ? callField : finish,
  };
}

function renderMessage(content: readonly AssistantPart[], callField: CallField): JsonObject {
  let text = '';
  let refusal: string | null = null;
  let thoughts: string | undefined;
  const annotations: JsonObject[] = [];
  const calls: JsonObject[] = [];
  for (const part of content) {
    if (part.type === 'text') {
      text += part.text;
      for (const citation of part.citations ?? []) annotations.push(...renderAnnotation(citation, text.length));
    } else if (part.type === 'refusal') refusal = (refusal ?? '') + part.text;
    else if (part.type === 'tool-call') calls.push(renderCall(part));
    else if (part.type === 'reasoning') {
      if (part.text !== '') thoughts = (thoughts ?? '') + part.text;
    }
  }
  const details = renderThoughts(content);
  const hasCalls = calls.length > 0;
  const isLegacy = callField === 'function_call';
  return withoutUndefined({
    role: 'assistant',
    content: text === '' && (hasCalls || refusal !== null) ? null : text,
    reasoning_content: thoughts,
    reasoning_details: details.length > 0 ? details : undefined,
    refusal,
    annotations,
    tool_calls: hasCalls && !isLegacy ? calls : undefined,
    function_call: isLegacy ? calls[0]?.function : undefined,
  });
}

/** Where one block's text is told with its proof, that of the others is told, too: whoever reads it there reads only there. */
function renderThoughts(content: readonly AssistantPart[]): JsonObject[] {
  const blocks = content.filter((part) => part.type === 'reasoning');
  const tellsText = blocks.some(({ text, signature }) => signature !== undefined && text !== '');
  return blocks.flatMap((block) => {
    const isLeftOut = tellsText && block.signature === undefined && block.text !== '';
    return [...(isLeftOut ? [{ type: 'reasoning.text', text: block.text }] : []), ...renderDetails(block)];
  });
}

function renderCall({ id, name, argumentsText, isCustom, signature }: ToolCallPart): JsonObject {
  const extra = renderExtraContent(signature);
  if (isCustom) return { id, type: 'custom', custom: { name, input: argumentsText }, ...extra };
  return { id, type: 'function', function: { name, arguments: argumentsText || '{}' }, ...extra };
}
