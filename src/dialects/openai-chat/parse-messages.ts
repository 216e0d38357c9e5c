import { z } from 'zod';
import type { AssistantMessage, Message, TextPart, ToolCallPart, ToolResultPart } from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { check, invalid, optional } from '../openai-common/check.ts';
import { argumentsText } from '../openai-common/json-text.ts';
import {
  parseAssistantContent,
  parseCache,
  parseSystemContent,
  parseToolContent,
  parseUserContent,
} from './parse-content.ts';
import { parseThoughts } from './reasoning.ts';
import { parseExtraContent } from './signature.ts';
import { WireRequestCall, WireRequestFunction } from './wire.ts';

const OptionalText = optional(z.string());

interface Conversation {
  system: TextPart[];
  messages: Message[];
}

/** A call that has no result yet, so that results without an id can find theirs. */
type OpenCall = Pick<ToolCallPart, 'id' | 'name'>;

/** Splits the instructions at the start from the conversation, and folds the results of one turn into one message. */
export function parseMessages(wire: readonly JsonObject[]): Conversation {
  const system: TextPart[] = [];
  const messages: Message[] = [];
  let open: OpenCall[] = [];

  for (const [index, message] of wire.entries()) {
    const path = `messages[${index}]`;
    switch (message.role) {
      case 'system':
      case 'developer': {
        const content = parseSystemContent(message.content, `${path}.content`);
        if (messages.length === 0) system.push(...content);
        else messages.push({ role: 'system', content });
        break;
      }
      case 'user': {
        const name = check(OptionalText, message.name, `${path}.name`);
        const content = parseUserContent(message.content, `${path}.content`);
        messages.push({ role: 'user', content, ...(name === undefined ? {} : { name }) });
        break;
      }
      case 'assistant': {
        const parsed = parseAssistant(message, path, index);
        messages.push(parsed);
        open = parsed.content.filter((part) => part.type === 'tool-call');
        break;
      }
      case 'tool':
      case 'function': {
        const result = parseToolResult(message, path, open);
        open = open.filter((call) => call.id !== result.callId);
        addResult(messages, result);
        break;
      }
      default:
        throw badRole(message.role, `${path}.role`);
    }
  }
  return { system, messages };
}

function badRole(role: unknown, path: string) {
  if (role === undefined || role === null) return invalid(path, 'is required');
  return invalid(path, 'must be one of `system`, `developer`, `user`, `assistant`, `tool` and `function`');
}

function parseAssistant(message: JsonObject, path: string, index: number): AssistantMessage {
  const content: AssistantMessage['content'] = parseThoughts(message);
  content.push(...parseAssistantContent(message.content, `${path}.content`));
  const refusal = check(OptionalText, message.refusal, `${path}.refusal`);
  if (refusal) content.push({ type: 'refusal', text: refusal });
  if (isJsonObject(message.audio) && typeof message.audio.id === 'string') {
    content.push({ type: 'audio', source: { type: 'file-id', id: message.audio.id } });
  }
  content.push(...parseCalls(message, path, index));
  return { role: 'assistant', content };
}

function parseCalls(message: JsonObject, path: string, index: number): ToolCallPart[] {
  const calls = check(optional(z.array(WireRequestCall)), message.tool_calls, `${path}.tool_calls`) ?? [];
  const parts = calls.map((call, position): ToolCallPart => {
    // Some servers leave ids empty; a made-up one has to be the same each time the conversation is sent.
    const id = call.id || `call_${index}_${position}`;
    const signature = parseExtraContent(call.extra_content);
    if (call.custom) {
      const { name, input } = call.custom;
      return { type: 'tool-call', id, name, argumentsText: input ?? '', isCustom: true, ...signature };
    }
    if (!call.function) throw invalid(`${path}.tool_calls[${position}].function`, 'is required');
    const { name, arguments: text } = call.function;
    return { type: 'tool-call', id, name, argumentsText: argumentsText(text) || '{}', ...signature };
  });
  const legacy = check(optional(WireRequestFunction), message.function_call, `${path}.function_call`);
  if (legacy) {
    const text = argumentsText(legacy.arguments) || '{}';
    parts.push({ type: 'tool-call', id: `call_${index}_function`, name: legacy.name, argumentsText: text });
  }
  return parts;
}

function parseToolResult(message: JsonObject, path: string, open: readonly OpenCall[]): ToolResultPart {
  const given = check(OptionalText, message.tool_call_id, `${path}.tool_call_id`);
  const name = check(OptionalText, message.name, `${path}.name`);
  const isLegacy = message.role === 'function';
  if (isLegacy && !name) throw invalid(`${path}.name`, 'is required');
  const callId = given || open.find((call) => !name || call.name === name)?.id;
  if (!callId)
    throw invalid(`${path}.${isLegacy ? 'name' : 'tool_call_id'}`, 'must name a tool call before this message');
  return {
    type: 'tool-result',
    callId,
    ...(name ? { name } : {}),
    content: parseToolContent(message.content, `${path}.content`),
    isError: false,
    ...parseCache(message),
  };
}

/** Results that follow each other answer one turn, and other dialects want them in one message. */
function addResult(messages: Message[], result: ToolResultPart): void {
  const last = messages.at(-1);
  if (last?.role === 'user' && last.content.at(-1)?.type === 'tool-result') last.content.push(result);
  else messages.push({ role: 'user', content: [result] });
}
