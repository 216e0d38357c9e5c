import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/**
 * The body without thinking blocks that have no signature. A client is shown the thoughts of other vendors' models as such
 * blocks and brings them back; Anthropic, which signs its own, refuses them.
 */
export function withoutEmptySignatures(body: JsonObject): JsonObject {
  if (!Array.isArray(body.messages)) return body;
  let hasChanged = false;
  const messages = body.messages.map((message: unknown) => {
    if (!isJsonObject(message) || message.role !== 'assistant' || !Array.isArray(message.content)) return message;
    const content = message.content.filter((block: unknown) => !isUnsigned(block));
    if (content.length === message.content.length) return message;
    hasChanged = true;
    return { ...message, content };
  });
  return hasChanged ? { ...body, messages } : body;
}

function isUnsigned(block: unknown): boolean {
  return isJsonObject(block) && block.type === 'thinking' && block.signature === '';
}
