import type {
  AssistantPart,
  Message,
  OtherPart,
  Signature,
  TextPart,
  Tool,
  ToolCallPart,
  ToolResultPart,
} from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { Extras } from '../extras.ts';
import { check, invalid } from '../openai-common/check.ts';
import { argumentsText } from '../openai-common/json-text.ts';
import { itemFields, signFields } from './item-fields.ts';
import { knownName } from './namespace.ts';
import { other, parseAssistantContent, parseOutput, parseSystemContent, parseUserContent } from './parse-content.ts';
import { parseReasoningItem } from './reasoning-item.ts';
import { ADDED_TOOLS } from './tools.ts';
import { WireCall, WireCallOutput, WireCustomInput } from './wire.ts';

/** Items that answer the model; all others without a role are what a model, or a tool the provider runs, produced. */
const ANSWERS = /(_output|_response)$/;

interface Conversation {
  system: TextPart[];
  messages: Message[];
}

/** What reading one item needs to know of those before it. */
interface Reading extends Conversation {
  extras: Extras;
  /** Ids of the free-text calls so far, for their results look the same in our words. */
  customCalls: Set<string>;
  /** The proof for the next call, which stood in an item of its own. */
  callSignature: Signature | undefined;
  tools: readonly Tool[];
}

/**
 * Splits the instructions at the start from the conversation. Items of one turn become one message: an assistant's
 * thoughts, text and calls, or the results that answer them. A second text in a row is a message of its own.
 */
export function parseInput(input: string | unknown[], extras: Extras, tools: readonly Tool[] = []): Conversation {
  if (typeof input === 'string') {
    return { system: [], messages: [{ role: 'user', content: [{ type: 'text', text: input }] }] };
  }
  const open = { customCalls: new Set<string>(), callSignature: undefined };
  const reading: Reading = { system: [], messages: [], extras, tools, ...open };
  for (const [index, item] of input.entries()) {
    const path = `input[${index}]`;
    if (!isJsonObject(item)) throw invalid(path, 'must be an object');
    readItem(item, path, reading);
  }
  return { system: reading.system, messages: reading.messages };
}

function readItem(item: JsonObject, path: string, reading: Reading): void {
  const { messages } = reading;
  const type = item.type ?? (item.role === undefined ? undefined : 'message');
  switch (type) {
    case 'message':
      readMessage(item, path, reading);
      return;
    case 'reasoning': {
      const { part, call } = parseReasoningItem(item);
      if (part) addAssistant(messages, [part]);
      reading.callSignature = call;
      return;
    }
    case 'function_call':
    case 'custom_tool_call': {
      const call = parseCall(item, path, reading);
      reading.callSignature = undefined;
      if (call.isCustom) reading.customCalls.add(call.id);
      addAssistant(messages, [call]);
      return;
    }
    case ADDED_TOOLS:
      // They are read with all other tools.
      return;
    case 'function_call_output':
    case 'custom_tool_call_output':
      addResult(messages, parseResult(item, path, reading));
      return;
    case undefined:
    case null:
      // A reference may leave its type out.
      if (typeof item.id !== 'string') throw invalid(`${path}.type`, 'is required');
      addAssistant(messages, [other(item)]);
      return;
    default:
      if (typeof type !== 'string') throw invalid(`${path}.type`, 'must be a string');
      if (ANSWERS.test(type) || typeof item.role === 'string') addResult(messages, other(item));
      else addAssistant(messages, [other(item)]);
  }
}

function readMessage(item: JsonObject, path: string, { system, messages, extras }: Reading): void {
  const place = { path: `${path}.content`, extras };
  switch (item.role) {
    case 'system':
    case 'developer': {
      const content = parseSystemContent(item.content, place);
      if (messages.length === 0) system.push(...content);
      else messages.push({ role: 'system', content });
      return;
    }
    case 'user': {
      const content = parseUserContent(item.content, place);
      messages.push({ role: 'user', content: content.map(signed(item)) });
      return;
    }
    case 'assistant': {
      const content = parseAssistantContent(item.content, place);
      const isKnown = Object.keys(itemFields(item)).length > 0;
      // Thoughts that led to an empty message are refused without it.
      if (content.length === 0 && isKnown) content.push({ type: 'text', text: '' });
      const [first, ...rest] = content.map(signed(item));
      if (!first) return;
      const last = messages.at(-1);
      const lastPart = last?.role === 'assistant' ? last.content.at(-1)?.type : undefined;
      // Glued together, two answers would read as one.
      if (lastPart === 'text' || lastPart === 'refusal')
        messages.push({ role: 'assistant', content: [first, ...rest] });
      else addAssistant(messages, [first, ...rest]);
      return;
    }
    case undefined:
    case null:
      throw invalid(`${path}.role`, 'is required');
    default:
      throw invalid(`${path}.role`, 'must be one of `user`, `assistant`, `system` and `developer`');
  }
}

/**
 * Every text of a message carries the message's fields, so that texts with the same ones are known to belong together.
 */
function signed(item: JsonObject): <T extends { type: string }>(part: T) => T {
  const signature = signFields({ item: itemFields(item) });
  return (part) => (part.type === 'text' ? { ...part, ...signature } : part);
}

function parseCall(item: JsonObject, path: string, { callSignature: proof, tools }: Reading): ToolCallPart {
  const { call_id: callId, id: itemId, name: ownName } = check(WireCall, item, path);
  const id = callId ?? itemId;
  const name = knownName(ownName, item.namespace, tools);
  if (!id) throw invalid(`${path}.call_id`, 'is required');
  const own = proof ? { signature: proof } : signFields({ item: itemFields(item) });
  if (item.type === 'custom_tool_call') {
    const { input } = check(WireCustomInput, item, path);
    return { type: 'tool-call', id, name, argumentsText: input, isCustom: true, ...own };
  }
  return { type: 'tool-call', id, name, argumentsText: argumentsText(item.arguments) || '{}', ...own };
}

function parseResult(item: JsonObject, path: string, { extras, customCalls }: Reading): ToolResultPart | OtherPart {
  const { call_id: callId } = check(WireCallOutput, item, path);
  // Without the call before it nothing would tell that the result is one of free text.
  if (item.type === 'custom_tool_call_output' && !customCalls.has(callId)) return other(item);
  const content = parseOutput(item.output, { path: `${path}.output`, extras });
  return { type: 'tool-result', callId, content, isError: false };
}

function addAssistant(messages: Message[], parts: AssistantPart[]): void {
  const last = messages.at(-1);
  if (last?.role === 'assistant') last.content.push(...parts);
  else messages.push({ role: 'assistant', content: parts });
}

/** Results that follow each other answer one turn, and other dialects want them in one message. */
function addResult(messages: Message[], result: ToolResultPart | OtherPart): void {
  const last = messages.at(-1);
  const lastPart = last?.role === 'user' ? last.content.at(-1)?.type : undefined;
  if (last?.role === 'user' && (lastPart === 'tool-result' || lastPart === 'other')) last.content.push(result);
  else messages.push({ role: 'user', content: [result] });
}
