import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { Target } from '../dialect.ts';

/** The client's own body: the model is ours and, where it differs, `stream`; thinking goes where it would be refused. */
export function retarget(body: JsonObject, target: Target): JsonObject {
  const own: JsonObject = { ...body, model: target.model };
  if ((body.stream === true) !== target.stream) own.stream = target.stream;
  if (isJsonObject(body.thinking) && body.thinking.type === 'enabled' && isUnthought(body.messages))
    delete own.thinking;
  return own;
}

/**
 * Whether the turn under way began without signed thoughts, as it does when another vendor's model made its calls: with a
 * thinking budget the provider refuses to go on with it.
 */
function isUnthought(messages: unknown): boolean {
  const [turn, answer] = Array.isArray(messages) ? messages.slice(-2) : [];
  if (!isJsonObject(turn) || turn.role !== 'assistant' || !Array.isArray(turn.content)) return false;
  if (!isJsonObject(answer) || answer.role !== 'user' || !Array.isArray(answer.content)) return false;
  const isAnswer = answer.content.some((block: unknown) => isJsonObject(block) && block.type === 'tool_result');
  const [first] = turn.content.filter((block: unknown) => !isUnsigned(block));
  return isAnswer && isJsonObject(first) && first.type !== 'thinking' && first.type !== 'redacted_thinking';
}

/** Thoughts of another vendor are shown without a signature, and stay behind when they come back. */
function isUnsigned(block: unknown): boolean {
  return isJsonObject(block) && block.type === 'thinking' && block.signature === '';
}
