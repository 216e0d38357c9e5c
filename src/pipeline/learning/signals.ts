import { lru } from 'tiny-lru';
import type { ChatEvent } from '../../chat/event.ts';
import type { ChatRequest, Message, Tool } from '../../chat/request.ts';
import { isJsonObject, tryParseJson } from '../../lib/json.ts';
import type { Source } from './owners.ts';

const REMEMBERED = 20_000;
/** Who asks the same again later than this may just want to know again. */
const SOON_MS = 10 * 60_000;
const KEY_CHARS = 2_000;
/** Longer arguments are not read. */
const MAX_ARGUMENTS = 32_768;
/** More calls in one reply are not watched. */
const MAX_CALLS = 16;

/** What is remembered of an answer until the client's next move tells how it was. Holds no text. */
export interface Answered {
  requestId: string;
  ownerId: string;
  keyId: string;
  provider: string;
  model: string;
  /** Of the model for this kind of work; for telling whether the next one asked is stronger. */
  strength: number;
  /** The ledger's features of the request; see `chat/route-features.ts`. */
  stored: string;
  at: number;
}

/** What a client's next move says of an answer. */
export interface Signal {
  source: Extract<Source, 'regenerate' | 'retry-stronger' | 'tool-failure' | 'went-on'>;
  about: Answered;
}

interface Heard {
  request: ChatRequest;
  ownerId: string;
  /** The model it asks for by name; null where the gateway is to choose. */
  named: { model: string; strength: number } | null;
  at: number;
}

interface SignalsOptions {
  isOn: () => boolean;
  /** Told once of each answer, while a request waits: must be quick, and must not throw. */
  onSignal: (signal: Signal) => void;
}

export type Signals = ReturnType<typeof createSignals>;

interface Call {
  id: string;
  name: string;
  text: string;
  isCustom: boolean;
}

interface Note {
  answered: Answered;
  isTold: boolean;
}

/**
 * Reads from what clients do next how an answer was: asked for again, asked of a stronger model, a tool call that failed, or the
 * conversation simply goes on. In memory, bounded, and by hashes only. Answers from the cache are neither heard nor told of.
 */
export function createSignals({ isOn, onSignal }: SignalsOptions) {
  const byQuestion = lru<Note>(REMEMBERED);
  const byConversation = lru<Note>(REMEMBERED);
  const byCall = lru<Note>(REMEMBERED);

  /** One signal for one answer: the first thing that tells is believed. */
  function tell(note: Note | undefined, source: Signal['source'], at: number): void {
    if (!note || note.isTold || at - note.answered.at > SOON_MS) return;
    note.isTold = true;
    onSignal({ source, about: note.answered });
  }

  /** Looks at what a request says of earlier answers, and gives who is to be told of its own; null where it is off. */
  function hear({ request, ownerId, named, at }: Heard) {
    if (!isOn()) return null;
    const last = request.messages.at(-1);
    const conversation = conversationOf(request, ownerId);
    const question = `${conversation} ${request.messages.length} ${hashOf(textOf(last))}`;
    for (const callId of failedCalls(last)) tell(byCall.get(`${ownerId} ${callId}`), 'tool-failure', at);
    const again = byQuestion.get(question);
    if (again) tellOfRepeat(again, named, at);
    else if (request.messages.length > 1) tell(byConversation.get(conversation), 'went-on', at);
    return createListener({ request, question, conversation });
  }

  /** The same question: again of the gateway or the same model, or of a stronger one. Of a weaker one it is a comparison. */
  function tellOfRepeat(note: Note, named: Heard['named'], at: number): void {
    const { model, strength } = note.answered;
    if (named === null || named.model === model) tell(note, 'regenerate', at);
    else if (named.strength > strength) tell(note, 'retry-stronger', at);
  }

  interface Place {
    request: ChatRequest;
    question: string;
    conversation: string;
  }

  function createListener({ request, question, conversation }: Place) {
    const calls = new Map<number, Call>();

    return {
      see(event: ChatEvent): void {
        if (event.type === 'tool-call-start' && event.choice === 0 && calls.size < MAX_CALLS) {
          calls.set(event.call, { id: event.id, name: event.name, text: '', isCustom: event.isCustom ?? false });
        } else if (event.type === 'tool-call-delta' && event.choice === 0) {
          const call = calls.get(event.call);
          if (call && call.text.length <= MAX_ARGUMENTS) call.text += event.argumentsText;
        }
      },
      /** The answer is whole. */
      end(answered: Answered): void {
        const note = { answered, isTold: false };
        byQuestion.set(question, note);
        byConversation.set(conversation, note);
        for (const call of calls.values()) {
          if (call.id !== '') byCall.set(`${answered.ownerId} ${call.id}`, note);
          if (isBroken(call, request.tools)) tell(note, 'tool-failure', answered.at);
        }
      },
    };
  }

  return { hear };
}

/** The calls whose results are errors. */
function failedCalls(message: Message | undefined): string[] {
  if (message?.role !== 'user') return [];
  return message.content.flatMap((part) => (part.type === 'tool-result' && part.isError ? [part.callId] : []));
}

/** Whether arguments are no JSON object, or lack what the tool's schema requires. */
function isBroken({ name, text, isCustom }: Call, tools: readonly Tool[]): boolean {
  if (isCustom || text.length > MAX_ARGUMENTS) return false;
  const value = text.trim() === '' ? {} : tryParseJson(text);
  if (!isJsonObject(value)) return true;
  const tool = tools.find((each) => each.type === 'function' && each.name === name);
  const required = tool?.type === 'function' ? tool.parameters?.required : undefined;
  return Array.isArray(required) && required.some((field) => typeof field === 'string' && !(field in value));
}

function conversationOf(request: ChatRequest, ownerId: string): string {
  const first = request.messages.find(({ role }) => role === 'user');
  const system = request.system[0]?.text.slice(0, KEY_CHARS) ?? '';
  return `${ownerId} ${hashOf(`${system}\n${textOf(first)}`)}`;
}

function textOf(message: Message | undefined): string {
  let text = '';
  for (const part of message?.content ?? []) {
    if (part.type === 'text') text += part.text.slice(0, KEY_CHARS);
    else if (part.type === 'tool-result') text += part.callId;
    if (text.length > KEY_CHARS) break;
  }
  return text;
}

function hashOf(text: string): string {
  return Bun.hash.xxHash64(text).toString(36);
}
