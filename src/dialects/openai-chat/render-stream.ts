import type { ChatEvent } from '../../chat/event.ts';
import type { Usage } from '../../chat/usage.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RenderContext, StreamRenderer } from '../dialect.ts';
import { renderServiceTier } from '../openai-common/service-tier.ts';
import { createChoiceRenderer } from './render-choice.ts';
import { renderErrorBody } from './render-error.ts';
import { renderId, wantsFunctionCall } from './render-reply.ts';
import { renderUsage } from './usage.ts';

const DONE = 'data: [DONE]\n\n';

/** Writes `chat.completion.chunk`s: https://platform.openai.com/docs/api-reference/chat-streaming/streaming */
export function createStreamRenderer(context: RenderContext): StreamRenderer {
  const { request, model, createdAt } = context;
  const isLegacy = wantsFunctionCall(request);
  const choices = new Map<number, ReturnType<typeof createChoiceRenderer>>();
  let id = renderId('', context);
  let isOver = false;

  function choiceAt(index: number) {
    const choice = choices.get(index) ?? createChoiceRenderer({ index, isLegacy });
    choices.set(index, choice);
    return choice;
  }

  function chunk(wireChoices: JsonObject[], usage: Usage | null): string {
    const counted = request.wantsStreamUsage ? { usage: usage && renderUsage(usage) } : {};
    const tier = renderServiceTier(usage?.serviceTier);
    return frame({
      id,
      object: 'chat.completion.chunk',
      created: createdAt,
      model,
      system_fingerprint: null,
      choices: wireChoices,
      ...counted,
      ...(tier === undefined ? {} : { service_tier: tier }),
    });
  }

  const chunks = (entries: JsonObject[]) => entries.map((entry) => chunk([entry], null)).join('');

  function finish(usage: Usage): string {
    isOver = true;
    if (choices.size === 0) choiceAt(0);
    let text = '';
    for (const choice of choices.values()) text += chunks(choice.stop('other'));
    return text + (request.wantsStreamUsage ? chunk([], usage) : '') + DONE;
  }

  function render(event: ChatEvent): string {
    if (isOver) return '';
    switch (event.type) {
      case 'start':
        id = renderId(event.id, context);
        return chunks(choiceAt(0).open());
      case 'finish':
        return finish(event.usage);
      case 'error':
        isOver = true;
        return frame(renderErrorBody(event.error)) + DONE;
      case 'usage':
      case 'other':
        return '';
      default:
        return chunks(choiceAt(event.choice).render(event));
    }
  }

  return { render };
}

function frame(body: JsonObject): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}
