import { lru } from 'tiny-lru';
import type { ChatEvent } from '../../chat/event.ts';
import { type ChatReply, type Choice, createCollector } from '../../chat/reply.ts';
import type { AssistantMessage, AssistantPart, ChatRequest, Message } from '../../chat/request.ts';

const MAX_KEPT = 20_000;
/** Past this a reply's thoughts are not kept; real ones are a few kilobytes. */
const MAX_CHARACTERS = 512 * 1024;
/** Characters of a reply, its words included, past which nobody listens any more. */
const MAX_HEARD = 4 * 1024 * 1024;
/** What an entry takes besides its thoughts. */
const ENTRY_CHARACTERS = 256;

interface ThoughtsOptions {
  /** All characters of proofs and thoughts that may be kept. */
  maxCharacters: number;
}

interface Kept {
  content: AssistantPart[];
  characters: number;
}

export type Thoughts = ReturnType<typeof createThoughts>;

/**
 * Remembers what a model thought, and the proofs that it did, for clients whose dialect has no field to bring them back in.
 * Vendors refuse a tool loop that comes back without them. A reply is found again by the ids of its tool calls or, without
 * any, by its text.
 */
export function createThoughts({ maxCharacters }: ThoughtsOptions) {
  const kept = lru<Kept>(MAX_KEPT);
  let characters = 0;
  kept.onEvict(({ value }) => {
    characters -= value.characters;
  });

  /** Keeps the replies of a finished answer that have something to bring back. */
  function remember(ownerId: string, reply: ChatReply): void {
    for (const choice of reply.choices) {
      const size = sizeOf(choice);
      if (size === 0 || size > MAX_CHARACTERS) continue;
      const content = choice.content.map(withoutWords);
      for (const key of keysOf(ownerId, choice.content)) put(key, { content, characters: size });
    }
  }

  function put(key: string, entry: Kept): void {
    const before = kept.peek(key);
    if (before) characters -= before.characters;
    kept.delete(key);
    kept.set(key, entry);
    characters += entry.characters;
    while (characters > maxCharacters && kept.size > 0) kept.evict();
  }

  /** Listens to a reply while it is told; `remember` keeps it if there is something to bring back. */
  function listen(ownerId: string) {
    let collector: ReturnType<typeof createCollector> | null = createCollector();
    let heard = 0;
    return {
      see(event: ChatEvent): void {
        if ('text' in event) heard += event.text.length;
        if (event.type === 'tool-call-delta') heard += event.argumentsText.length;
        // A reply as long as this is no step of a tool loop, and must not be held whole.
        if (heard > MAX_HEARD) collector = null;
        collector?.add(event);
      },
      remember(): void {
        if (collector) remember(ownerId, collector.reply);
      },
    };
  }

  /** The request with the thoughts of its earlier turns put back; the same request when there is nothing to put back. */
  function recall(ownerId: string, request: ChatRequest): ChatRequest {
    if (kept.size === 0) return request;
    let hasChanged = false;
    const messages = request.messages.map((message): Message => {
      if (message.role !== 'assistant' || bringsItsOwn(message.content)) return message;
      const found = find(ownerId, message);
      if (!found) return message;
      hasChanged = true;
      return { ...message, content: weave(found.content, message.content) };
    });
    return hasChanged ? { ...request, messages } : request;
  }

  function find(ownerId: string, { content }: AssistantMessage): Kept | undefined {
    for (const key of keysOf(ownerId, content)) {
      const found = kept.get(key);
      if (found) return found;
    }
    return undefined;
  }

  return { listen, remember, recall, stats: () => ({ kept: kept.size, characters }) };
}

/** What the client brings back itself is not kept, only its place. */
function withoutWords(part: AssistantPart): AssistantPart {
  if (part.type === 'text') return { type: 'text', text: '', signature: part.signature };
  return part.type === 'tool-call' ? { ...part, argumentsText: '' } : part;
}

/** What the client sent, in the order of the original, with the original's thoughts and proofs between. */
function weave(original: readonly AssistantPart[], sent: readonly AssistantPart[]): AssistantPart[] {
  const rest = sent.filter((part) => part.type !== 'reasoning');
  const take = (matches: (part: AssistantPart) => boolean): AssistantPart | undefined => {
    const at = rest.findIndex(matches);
    return at === -1 ? undefined : rest.splice(at, 1)[0];
  };

  const woven: AssistantPart[] = [];
  for (const part of original) {
    if (part.type === 'reasoning') {
      woven.push(part);
    } else if (part.type === 'tool-call') {
      const call = take((other) => other.type === 'tool-call' && other.id === part.id);
      if (call?.type === 'tool-call') woven.push({ ...call, signature: part.signature });
    } else if (part.type === 'text') {
      const text = take((other) => other.type === 'text');
      if (text?.type === 'text') woven.push({ ...text, signature: part.signature });
    }
  }
  return [...woven, ...rest];
}

/**
 * Whether a message needs nothing from us. One with tool calls may have lost some of its thoughts on the way, so ours are
 * better where we have them; of any other, the client's own are as good.
 */
function bringsItsOwn(content: readonly AssistantPart[]): boolean {
  return !content.some((part) => part.type === 'tool-call') && hasProof(content);
}

function hasProof(content: readonly AssistantPart[]): boolean {
  return content.some((part) => {
    if (part.type === 'reasoning') return part.signature !== undefined || part.redacted !== undefined;
    return (part.type === 'tool-call' || part.type === 'text') && part.signature !== undefined;
  });
}

/** Characters of thoughts and proofs; 0 when there is no proof, and so nothing that has to come back. */
function sizeOf({ content }: Choice): number {
  if (!hasProof(content)) return 0;
  let size = 0;
  for (const part of content) {
    if (part.type === 'reasoning') size += part.text.length + (part.redacted?.value.length ?? 0);
    if (part.type === 'reasoning' || part.type === 'tool-call' || part.type === 'text') {
      size += part.signature?.value.length ?? 0;
    }
  }
  return size + ENTRY_CHARACTERS;
}

function keysOf(ownerId: string, content: readonly AssistantPart[]): string[] {
  const ids = content.flatMap((part) => (part.type === 'tool-call' ? [`${ownerId} call ${part.id}`] : []));
  if (ids.length > 0) return ids;
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return text === '' ? [] : [`${ownerId} text ${new Bun.CryptoHasher('sha256').update(text).digest('base64url')}`];
}
