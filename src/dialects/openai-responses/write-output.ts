import type { ChatEvent, TokenLogprob } from '../../chat/event.ts';
import type { ReasoningPart, Signature, Tool } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { renderAnnotation } from './annotation.ts';
import { renderCallId } from './call-id.ts';
import { DIALECT } from './dialect-id.ts';
import { readFields } from './item-fields.ts';
import { type ItemPrefix, itemId } from './item-id.ts';
import { innerName, namespaceFields } from './namespace.ts';
import { ownReasoningItem, sealForeign } from './reasoning-item.ts';
import { type CallWriter, createCallWriter } from './write-call.ts';
import {
  createMessageWriter,
  type Emit,
  type ItemPlace,
  type ItemStatus,
  type MessageWriter,
} from './write-message.ts';
import { createThoughtsWriter, type ThoughtsWriter } from './write-thoughts.ts';

type CallStart = Pick<
  Extract<ChatEvent, { type: 'tool-call-start' }>,
  'call' | 'id' | 'name' | 'isCustom' | 'signature'
>;

interface OutputWriterOptions {
  idBase: string;
  /** Of the request: they say which namespace a call belongs to. */
  tools: readonly Tool[];
  emit: Emit;
}

/**
 * Writes the items of a reply, in order, each telling `emit` of its steps. A message or thoughts end where something
 * else begins; calls stay open until they are ended, because events of several may alternate.
 */
export function createOutputWriter({ idBase, tools, emit }: OutputWriterOptions) {
  const output: JsonObject[] = [];
  const calls = new Map<number, { writer: CallWriter; index: number }>();
  let message: { writer: MessageWriter; index: number } | undefined;
  let thoughts: { writer: ThoughtsWriter; index: number } | undefined;
  let hasRefusal = false;

  /** An item takes its place when it begins, and is filled in when it ends. */
  function nextPlace(): ItemPlace {
    output.push({});
    return { index: output.length - 1, emit };
  }

  const idAt = (prefix: ItemPrefix, { index }: ItemPlace, own?: unknown) =>
    itemId(prefix, own, { base: idBase, index });

  function openMessage(signature?: Signature): MessageWriter {
    const own = readFields(signature)?.item;
    endThoughts({});
    if (message && (!own?.id || own.id === message.writer.id)) return message.writer;
    closeMessage('completed');
    const place = nextPlace();
    const { status: _status, ...fields } = own ?? {};
    const writer = createMessageWriter({ ...fields, id: idAt('msg', place, own?.id) }, place);
    message = { writer, index: place.index };
    return writer;
  }

  function closeMessage(status: ItemStatus): void {
    if (message) output[message.index] = message.writer.close(status);
    message = undefined;
  }

  function addText(text: string, signature?: Signature): void {
    if (text !== '') openMessage(signature).addText(text);
  }

  function addRefusal(text: string): void {
    hasRefusal = true;
    if (text !== '') openMessage().addRefusal(text);
  }

  function addLogprobs(tokens: readonly TokenLogprob[]): void {
    // Those of a call's tokens have no place here.
    if (tokens.length > 0) message?.writer.addLogprobs(tokens);
  }

  /** One that cannot be shown here must not begin a message. */
  function addCitation(citation: unknown): void {
    if (renderAnnotation(citation, 0)) openMessage().addCitation(citation);
  }

  function openThoughts(own?: unknown): ThoughtsWriter {
    if (thoughts) return thoughts.writer;
    closeMessage('completed');
    const place = nextPlace();
    thoughts = { writer: createThoughtsWriter(idAt('rs', place, own), place), index: place.index };
    return thoughts.writer;
  }

  function addThought(text: string, own?: unknown): void {
    if (text !== '') openThoughts(own).add(text);
  }

  function endThoughts({ signature, redacted }: Pick<ReasoningPart, 'signature' | 'redacted'>): void {
    if (!thoughts && !signature && !redacted) return;
    const own = ownReasoningItem({ text: thoughts?.writer.text() ?? '', redacted });
    const writer = openThoughts(own?.id);
    const index = thoughts?.index ?? 0;
    const { type: _type, id, summary: _summary, content: _content, ...rest } = own ?? {};
    // Thoughts that were shown before their id was known have one of ours, so what they really were is sealed.
    const isItself = own !== null && id === writer.id;
    const sealed = { encrypted_content: sealForeign({ signature, redacted }) };
    output[index] = writer.close(isItself ? rest : sealed);
    thoughts = undefined;
  }

  function startCall({ call, id, name, isCustom = false, signature }: CallStart): void {
    endThoughts({});
    closeMessage('completed');
    endCall(call);
    // A call has no field for another vendor's proof; an item with sealed thoughts before it has.
    if (signature && signature.dialect !== DIALECT) sealProof(signature);
    const { id: own, status: _status, ...kept } = readFields(signature)?.item ?? {};
    const fields = { ...namespaceFields(name, tools), ...kept };
    const place = nextPlace();
    const about = { id: idAt(isCustom ? 'ctc' : 'fc', place, own), callId: renderCallId(id), isCustom, fields };
    const writer = createCallWriter({ ...about, name: innerName(name, fields.namespace) }, place);
    calls.set(call, { writer, index: place.index });
  }

  function sealProof(call: Signature): void {
    const place = nextPlace();
    const writer = createThoughtsWriter(idAt('rs', place), place);
    output[place.index] = writer.close({ encrypted_content: sealForeign({ call }) });
  }

  function endCall(call: number): void {
    const open = calls.get(call);
    if (open) output[open.index] = open.writer.close();
    calls.delete(call);
  }

  /** Ends what is still open. */
  function close(status: ItemStatus): void {
    endThoughts({});
    for (const call of [...calls.keys()]) endCall(call);
    closeMessage(status);
  }

  return {
    addText,
    addRefusal,
    addLogprobs,
    addCitation,
    addThought,
    endThoughts,
    startCall,
    addArguments: (call: number, text: string) => calls.get(call)?.writer.add(text),
    endCall,
    close,
    output,
    hasRefusal: () => hasRefusal,
  };
}
export type OutputWriter = ReturnType<typeof createOutputWriter>;
