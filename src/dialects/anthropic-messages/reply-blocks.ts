import type { AssistantPart, Signature } from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { RenderContext } from '../dialect.ts';
import { argumentsObject, tryWriteJson } from './arguments.ts';
import { legalCallId } from './call-ids.ts';
import { DIALECT } from './wire.ts';

const MESSAGE_ID = /^msg_[a-zA-Z0-9_-]+$/;
const CITATION_TYPES = [
  'char_location',
  'page_location',
  'content_block_location',
  'search_result_location',
  'web_search_result_location',
];

/** The provider's id where it has this wire's form, else one made from ours. */
export function messageId(id: string, { requestId }: RenderContext): string {
  return MESSAGE_ID.test(id) ? id : `msg_${requestId.replace(/[^a-zA-Z0-9_-]/g, '')}`;
}

/** A citation in this wire's shape; those of other vendors have no place in it. */
export function ownCitation(citation: unknown): JsonObject | undefined {
  if (!isJsonObject(citation) || typeof citation.type !== 'string') return undefined;
  return CITATION_TYPES.includes(citation.type) ? citation : undefined;
}

/** The value of a signature this wire's vendor made. */
export function ownSignature(signature: Signature | undefined): string | undefined {
  return signature?.dialect === DIALECT ? signature.value : undefined;
}

export function toolUseBlock({ id, name }: { id: string; name: string }, input: JsonObject): JsonObject {
  return { type: 'tool_use', id: legalCallId(id), name, input };
}

/** The blocks a part of an answer becomes; none for what this wire cannot show. */
export function renderPart(part: AssistantPart): JsonObject[] {
  switch (part.type) {
    case 'text': {
      const citations = (part.citations ?? []).flatMap((citation) => ownCitation(citation) ?? []);
      if (part.text === '' && citations.length === 0) return [];
      return [{ type: 'text', text: part.text, ...(citations.length > 0 ? { citations } : {}) }];
    }
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning': {
      const signature = ownSignature(part.signature);
      const data = ownSignature(part.redacted);
      const blocks: JsonObject[] = [];
      // Clients expect a signature on every thought; an empty one says that the vendor of this wire did not make it.
      if (part.text !== '' || signature) {
        blocks.push({ type: 'thinking', thinking: part.text, signature: signature ?? '' });
      }
      if (data) blocks.push({ type: 'redacted_thinking', data });
      return blocks;
    }
    case 'tool-call':
      return [toolUseBlock(part, argumentsObject(part.argumentsText, part.isCustom))];
    case 'other':
      return part.dialect === DIALECT ? [part.value] : [];
    case 'image':
    case 'audio':
      return [];
  }
}

/** A frame of a stream; empty for what cannot be written. */
export function frame(type: string, fields: JsonObject): string {
  const data = tryWriteJson({ type, ...fields });
  return data === undefined ? '' : `event: ${type}\ndata: ${data}\n\n`;
}
