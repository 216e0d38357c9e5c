import type { ChatEvent } from '../../chat/event.ts';
import { createJsonEnd, type JsonEnd } from '../json-end.ts';
import { createBlockWriter } from './block-writer.ts';
import { ownCitation, ownSignature, toolUseBlock } from './reply-blocks.ts';

type ContentType =
  | 'text-delta'
  | 'refusal-delta'
  | 'reasoning-delta'
  | 'reasoning-end'
  | 'tool-call-start'
  | 'tool-call-delta'
  | 'tool-call-end'
  | 'citation';
type ContentEvent = Extract<ChatEvent, { type: ContentType }>;
type EventOf<T extends ContentType> = Extract<ChatEvent, { type: T }>;

interface OpenCall {
  call: number;
  isCustom: boolean;
  argumentsText: string;
  end: JsonEnd;
}

/**
 * Writes content events as blocks. On this wire one block ends before the next begins, while events of several calls may
 * alternate: what comes in between waits until the open call is whole.
 */
export function createContentWriter() {
  const blocks = createBlockWriter();
  const seen = { refusal: false, calls: false };
  let openCall: OpenCall | undefined;
  /** What waits for the open call, in order: single events, and the events of one call each. */
  let waiting: ContentEvent[][] = [];
  const waitingCalls = new Map<number, ContentEvent[]>();

  function write(event: ContentEvent): string {
    let written = '';
    while (openCall && !isOf(openCall, event) && !openCall.isCustom && openCall.end.isWhole()) {
      written += endCall() + writeWaiting();
    }
    if (openCall && !isOf(openCall, event)) wait(event);
    else written += writeNow(event) + writeWaiting();
    return written;
  }

  function wait(event: ContentEvent): void {
    const call = 'call' in event ? event.call : undefined;
    const known = call === undefined || event.type === 'tool-call-start' ? undefined : waitingCalls.get(call);
    if (known) {
      known.push(event);
      return;
    }
    const events = [event];
    waiting.push(events);
    if (call !== undefined) waitingCalls.set(call, events);
  }

  /** Writes what waits, up to a call that is not over yet. */
  function writeWaiting(): string {
    let written = '';
    let at = 0;
    for (; at < waiting.length && !openCall; at++) for (const event of waiting[at] ?? []) written += writeNow(event);
    if (at > 0) waiting = waiting.slice(at);
    return written;
  }

  function writeNow(event: ContentEvent): string {
    switch (event.type) {
      case 'text-delta':
        return writeText(event.text);
      case 'refusal-delta':
        seen.refusal = true;
        return writeText(event.text);
      case 'reasoning-delta':
        if (event.text === '') return '';
        return blocks.ensure('thinking') + blocks.delta('thinking_delta', { thinking: event.text });
      case 'reasoning-end':
        return endReasoning(event);
      case 'citation': {
        const citation = ownCitation(event.citation);
        return citation ? blocks.ensure('text') + blocks.delta('citations_delta', { citation }) : '';
      }
      case 'tool-call-start':
        return startCall(event);
      case 'tool-call-delta':
        return continueCall(event);
      case 'tool-call-end':
        return endCall();
    }
  }

  function writeText(text: string): string {
    return text === '' ? '' : blocks.ensure('text') + blocks.delta('text_delta', { text });
  }

  function endReasoning(event: EventOf<'reasoning-end'>): string {
    const signature = ownSignature(event.signature);
    const data = ownSignature(event.redacted);
    let written = '';
    // Thoughts may have no text to show and yet a signature the client has to send back.
    if (signature) written += blocks.ensure('thinking') + blocks.delta('signature_delta', { signature });
    if (blocks.isOpen('thinking')) written += blocks.end();
    if (data) written += blocks.begin('redacted_thinking', { data }) + blocks.end();
    return written;
  }

  function startCall(event: EventOf<'tool-call-start'>): string {
    seen.calls = true;
    waitingCalls.delete(event.call);
    openCall = { call: event.call, isCustom: event.isCustom ?? false, argumentsText: '', end: createJsonEnd() };
    const { type: _type, ...fields } = toolUseBlock(event, {});
    return blocks.begin('tool_use', fields);
  }

  function continueCall({ argumentsText }: EventOf<'tool-call-delta'>): string {
    if (!openCall || argumentsText === '') return '';
    if (!openCall.isCustom) {
      openCall.end.push(argumentsText);
      return writeArguments(argumentsText);
    }
    openCall.argumentsText += argumentsText;
    return '';
  }

  function endCall(): string {
    if (!openCall) return '';
    // Free text becomes JSON, which cannot be written before all of it is there.
    let written = openCall.isCustom ? writeArguments(JSON.stringify({ input: openCall.argumentsText })) : '';
    written += blocks.end();
    openCall = undefined;
    return written;
  }

  function writeArguments(partial_json: string): string {
    return blocks.delta('input_json_delta', { partial_json });
  }

  /** Ends what is still open. */
  function close(): string {
    let written = '';
    while (openCall) written += endCall() + writeWaiting();
    return written + blocks.end();
  }

  return { write, close, seen };
}

function isOf(open: OpenCall, event: ContentEvent): boolean {
  return (event.type === 'tool-call-delta' || event.type === 'tool-call-end') && event.call === open.call;
}
