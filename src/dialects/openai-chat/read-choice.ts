import type { ChatEvent } from '../../chat/event.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { parseFinishReason } from './finish-reason.ts';
import { createCallReader } from './read-calls.ts';
import { parseDetail } from './reasoning.ts';
import type { WireChoice, WireMessage } from './wire-reply.ts';

/** Turns the messages or deltas of one choice into events. `makeId` names a tool call that came without an id. */
export function createChoiceReader(choice: number, makeId: (call: number) => string) {
  const calls = createCallReader(choice, makeId);
  let isThinking = false;
  /** What the plain field has told of the open block. */
  let plainThought = '';
  let hasRefusal = false;
  let isStopped = false;

  /** Adds what a message or delta says to the events of its chunk. */
  function read(wire: WireChoice, events: ChatEvent[]): void {
    if (wire.message) readMessage(wire.message, events);
    if (wire.logprobs.length > 0) events.push({ type: 'logprobs', choice, tokens: wire.logprobs });
    if (wire.finishReason) stop(wire.finishReason, events);
  }

  function readMessage(message: WireMessage, events: ChatEvent[]): void {
    readThoughts(message, events);
    readContent(message.content, events);
    if (message.refusal) {
      endThoughts(events);
      hasRefusal = true;
      events.push({ type: 'refusal-delta', choice, text: message.refusal });
    }
    // Sound has no word of its own; what was said stands for it.
    addText(message.transcript ?? '', events);
    for (const citation of message.annotations) events.push({ type: 'citation', choice, citation });
    if (message.calls.length > 0) endThoughts(events);
    for (const call of message.calls) events.push(...calls.read(call));
  }

  function readThoughts({ reasoning, reasoningDetails }: WireMessage, events: ChatEvent[]): void {
    const parts = reasoningDetails.map(parseDetail);
    // The details say again what the plain field says, and where each block of it ends.
    if (parts.every((part) => part.text === '')) {
      addThought(reasoning ?? '', events);
      plainThought += reasoning ?? '';
    }
    for (const { text, signature, redacted } of parts) {
      // A proof may come with the whole text of its block, which has been told by then.
      if (!signature || !plainThought.endsWith(text)) addThought(text, events);
      if (!signature && !redacted) continue;
      isThinking = false;
      plainThought = '';
      events.push({ type: 'reasoning-end', choice, ...(signature ? { signature } : { redacted }) });
    }
  }

  function addThought(text: string, events: ChatEvent[]): void {
    if (text === '') return;
    isThinking = true;
    events.push({ type: 'reasoning-delta', choice, text });
  }

  function endThoughts(events: ChatEvent[]): void {
    if (isThinking) events.push({ type: 'reasoning-end', choice });
    isThinking = false;
    plainThought = '';
  }

  function addText(text: string, events: ChatEvent[]): void {
    if (text === '') return;
    endThoughts(events);
    events.push({ type: 'text-delta', choice, text });
  }

  /** A string; Mistral's reasoning models send parts instead. */
  function readContent(content: unknown, events: ChatEvent[]): void {
    if (typeof content === 'string') addText(content, events);
    if (!Array.isArray(content)) return;
    for (const part of content.filter(isJsonObject)) {
      if (part.type === 'thinking') addThought(thinkingText(part), events);
      else if (typeof part.text === 'string') addText(part.text, events);
    }
  }

  function stop(reason: string | undefined, events: ChatEvent[]): void {
    // Some servers say it twice.
    if (isStopped) return;
    isStopped = true;
    endThoughts(events);
    events.push(...calls.end());
    const answer = { hasCalls: calls.hasCalls(), hasRefusal };
    events.push({ type: 'stop', choice, reason: parseFinishReason(reason, answer) });
  }

  /** What is missing when no more of this choice comes. */
  function end(): ChatEvent[] {
    const events: ChatEvent[] = [];
    stop(undefined, events);
    events.push(...calls.end());
    return events;
  }

  return { read, end, isStopped: () => isStopped };
}

function thinkingText({ thinking }: JsonObject): string {
  if (typeof thinking === 'string') return thinking;
  if (!Array.isArray(thinking)) return '';
  return thinking.map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}
