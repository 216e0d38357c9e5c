import type { ChatReply, Choice } from '../../chat/reply.ts';
import type { AssistantPart } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RenderContext } from '../dialect.ts';
import { renderEnd } from './finish-reason.ts';
import { signFields, splitText } from './item-fields.ts';
import { ownReasoningItem } from './reasoning-item.ts';
import { errorFields } from './render-error.ts';
import { idBase, renderResponse, responseId } from './response-object.ts';
import { createOutputWriter, type OutputWriter } from './write-output.ts';

const EMPTY: Choice = { content: [], reason: 'stop', logprobs: [] };

/** A response object. This wire knows one answer to a request, so the first is given. */
export function renderReply(reply: ChatReply, context: RenderContext): JsonObject {
  const { content, reason, logprobs } = reply.choices[0] ?? EMPTY;
  const writer = createOutputWriter({ idBase: idBase(context), tools: context.request.tools, emit: () => {} });
  const lastText = content.findLastIndex((part) => part.type === 'text');
  for (const [index, part] of content.entries()) {
    writePart(part, { writer, call: index });
    if (index === lastText) writer.addLogprobs(logprobs);
  }
  const end = renderEnd(reason, writer.hasRefusal());
  writer.close(end.status);
  const about = { id: responseId(reply.id, context), output: writer.output, usage: reply.usage };
  if (!reply.error) return renderResponse({ ...about, ...end }, context);
  const { code, message } = errorFields(reply.error);
  return renderResponse({ ...about, status: 'failed', error: { code, message } }, context);
}

function writePart(part: AssistantPart, { writer, call }: { writer: OutputWriter; call: number }): void {
  switch (part.type) {
    case 'text':
      for (const { text, fields } of splitText(part.text, part.signature)) {
        writer.addText(text, fields ? signFields(fields).signature : undefined);
      }
      for (const citation of part.citations ?? []) writer.addCitation(citation);
      return;
    case 'refusal':
      writer.addRefusal(part.text);
      return;
    case 'reasoning':
      writer.addThought(part.text, ownReasoningItem(part)?.id);
      writer.endThoughts(part);
      return;
    case 'tool-call':
      writer.startCall({ ...part, call });
      writer.addArguments(call, part.argumentsText);
      writer.endCall(call);
      return;
    case 'image':
    case 'audio':
    case 'other':
      return;
  }
}
