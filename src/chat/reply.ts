import type { GatewayError } from '../errors.ts';
import type { ChatEvent, StopReason, TokenLogprob } from './event.ts';
import type { AssistantPart, ReasoningPart, TextPart, ToolCallPart } from './request.ts';
import { NO_USAGE, type Usage } from './usage.ts';

/** A whole reply, folded from its events. */
export interface ChatReply {
  id: string;
  /** The model as the provider names it. */
  model: string;
  choices: Choice[];
  usage: Usage;
  /** Set when the reply broke off; `choices` then hold what had come. */
  error?: GatewayError | undefined;
}

export interface Choice {
  content: AssistantPart[];
  reason: StopReason;
  stopSequence?: string | undefined;
  logprobs: TokenLogprob[];
}

/** Folds events into a reply, one by one. The same events give the same reply, however they were grouped. */
export function createCollector() {
  const reply: ChatReply = { id: '', model: '', choices: [], usage: NO_USAGE };
  const calls = new Map<string, ToolCallPart>();

  const choiceAt = (index: number): Choice => {
    while (reply.choices.length <= index) reply.choices.push({ content: [], reason: 'other', logprobs: [] });
    return reply.choices[index]!;
  };

  function add(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        reply.id = event.id;
        reply.model = event.model;
        return;
      case 'text-delta': {
        const text = openText(choiceAt(event.choice).content);
        text.text += event.text;
        if (event.signature) text.signature = event.signature;
        return;
      }
      case 'refusal-delta': {
        const { content } = choiceAt(event.choice);
        const last = content.at(-1);
        if (last?.type === 'refusal') last.text += event.text;
        else content.push({ type: 'refusal', text: event.text });
        return;
      }
      case 'reasoning-delta':
        openReasoning(choiceAt(event.choice).content, closedReasoning).text += event.text;
        return;
      case 'reasoning-end': {
        const block = openReasoning(choiceAt(event.choice).content, closedReasoning);
        if (event.signature) block.signature = event.signature;
        if (event.redacted) block.redacted = event.redacted;
        closedReasoning.add(block);
        return;
      }
      case 'tool-call-start': {
        const { id, name, isCustom, signature } = event;
        const part: ToolCallPart = { type: 'tool-call', id, name, argumentsText: '' };
        if (isCustom) part.isCustom = true;
        if (signature) part.signature = signature;
        calls.set(`${event.choice}:${event.call}`, part);
        choiceAt(event.choice).content.push(part);
        return;
      }
      case 'tool-call-delta': {
        const part = calls.get(`${event.choice}:${event.call}`);
        if (part) part.argumentsText += event.argumentsText;
        return;
      }
      case 'tool-call-end': {
        const part = calls.get(`${event.choice}:${event.call}`);
        if (part && part.argumentsText === '' && !part.isCustom) part.argumentsText = '{}';
        return;
      }
      case 'citation': {
        const text = openText(choiceAt(event.choice).content);
        text.citations = [...(text.citations ?? []), event.citation];
        return;
      }
      case 'logprobs':
        choiceAt(event.choice).logprobs.push(...event.tokens);
        return;
      case 'stop': {
        const choice = choiceAt(event.choice);
        choice.reason = event.reason;
        choice.stopSequence = event.stopSequence;
        return;
      }
      case 'usage':
      case 'finish':
        reply.usage = event.usage;
        return;
      case 'error':
        reply.error = event.error;
        return;
      case 'other':
        return;
      default:
        event satisfies never;
    }
  }

  const closedReasoning = new Set<ReasoningPart>();
  return { add, reply };
}

export function collect(events: Iterable<ChatEvent>): ChatReply {
  const collector = createCollector();
  for (const event of events) collector.add(event);
  return collector.reply;
}

/** The visible text of a choice. */
export function textOf(choice: Choice | undefined): string {
  let text = '';
  for (const part of choice?.content ?? []) if (part.type === 'text') text += part.text;
  return text;
}

function openText(content: AssistantPart[]): TextPart {
  const last = content.at(-1);
  if (last?.type === 'text') return last;
  const part: TextPart = { type: 'text', text: '' };
  content.push(part);
  return part;
}

function openReasoning(content: AssistantPart[], closed: Set<ReasoningPart>): ReasoningPart {
  const last = content.at(-1);
  if (last?.type === 'reasoning' && !closed.has(last)) return last;
  const part: ReasoningPart = { type: 'reasoning', text: '' };
  content.push(part);
  return part;
}
