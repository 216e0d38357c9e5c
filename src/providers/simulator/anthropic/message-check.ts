import type { JsonObject } from '../../../lib/json.ts';
import type { Reply } from '../call.ts';
import { textOf } from '../read.ts';
import { isSignatureOf } from '../signature.ts';
import { invalidRequest } from './error.ts';
import { blocksOf } from './request.ts';

/** What Anthropic would refuse in a conversation; `null` when it would answer. */
export function checkConversation(messages: JsonObject[]): Reply | null {
  if (messages.length === 0) return invalidRequest('messages: at least one message is required');
  for (const [index, message] of messages.entries()) {
    const problem =
      checkRole(message, index) ?? checkContent(message, index, messages.length) ?? checkThoughts(message, index);
    if (problem) return problem;
  }
  return checkToolPairs(mergeTurns(messages)) ?? checkEnding(messages.at(-1));
}

function checkRole({ role }: JsonObject, index: number): Reply | null {
  if (role === 'user' || role === 'assistant') return null;
  // The newest models take instructions in mid-conversation, but still not at its start.
  if (role === 'system' && index > 0) return null;
  if (role === 'system') {
    return invalidRequest(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    );
  }
  return invalidRequest(`messages.${index}.role: Input should be 'user' or 'assistant'`);
}

function checkContent({ role, content }: JsonObject, index: number, count: number): Reply | null {
  if (content === undefined || content === null) return invalidRequest(`messages.${index}.content: Field required`);
  const blocks = blocksOf(content);
  const isFinalAssistant = role === 'assistant' && index === count - 1;
  if (!isFinalAssistant && (blocks.length === 0 || content === '')) {
    return invalidRequest(
      `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
    );
  }
  const untyped = blocks.findIndex(({ type }) => textOf(type) === '');
  if (untyped !== -1) return invalidRequest(`messages.${index}.content.${untyped}.type: Field required`);
  if (Array.isArray(content) && blocks.some(({ type, text }) => type === 'text' && textOf(text) === '')) {
    return invalidRequest('messages: text content blocks must be non-empty');
  }
  return null;
}

/** Thoughts come back exactly as they were given out, with the proof of it. */
function checkThoughts({ role, content }: JsonObject, index: number): Reply | null {
  if (role !== 'assistant') return null;
  for (const [at, { type, thinking, signature }] of blocksOf(content).entries()) {
    if (type !== 'thinking') continue;
    if (typeof signature !== 'string')
      return invalidRequest(`messages.${index}.content.${at}.thinking.signature: Field required`);
    if (!isSignatureOf('anthropic', textOf(thinking), signature)) {
      return invalidRequest(`messages.${index}.content.${at}: Invalid \`signature\` in \`thinking\` block`);
    }
  }
  return null;
}

/** Messages of one role in a row are one turn. */
function mergeTurns(messages: JsonObject[]): JsonObject[] {
  const turns: { role: unknown; content: JsonObject[] }[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (last?.role === role) last?.content.push(...blocksOf(content));
    else turns.push({ role, content: [...blocksOf(content)] });
  }
  return turns;
}

/** The results of all calls stand at the start of the very next message, and no others do. */
function checkToolPairs(messages: JsonObject[]): Reply | null {
  let open = new Set<string>();
  for (const [index, { content }] of messages.entries()) {
    const blocks = blocksOf(content);
    for (const [at, { type, tool_use_id }] of blocks.entries()) {
      if (type !== 'tool_result') {
        if (open.size > 0) return unansweredCalls(open, index - 1);
        continue;
      }
      if (!open.delete(textOf(tool_use_id))) {
        return invalidRequest(
          `messages.${index}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${textOf(tool_use_id)}. ` +
            'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
        );
      }
    }
    if (open.size > 0) return unansweredCalls(open, index - 1);
    open = new Set(blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => textOf(id)));
  }
  return open.size > 0 ? unansweredCalls(open, messages.length - 1) : null;
}

function unansweredCalls(ids: ReadonlySet<string>, index: number): Reply {
  return invalidRequest(
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${[...ids].join(', ')}. Each ` +
      '`tool_use` block must have a corresponding `tool_result` block in the next message.',
  );
}

function checkEnding(last: JsonObject | undefined): Reply | null {
  const text = last?.role === 'assistant' ? textOf(blocksOf(last.content).at(-1)?.text) : '';
  return text !== text.trimEnd()
    ? invalidRequest('messages: final assistant content cannot end with trailing whitespace')
    : null;
}
