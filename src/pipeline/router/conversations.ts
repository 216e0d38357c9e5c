import { lru } from 'tiny-lru';
import type { ChatRequest } from '../../chat/request.ts';
import type { ConversationWhy } from '../../chat/why.ts';
import type { Entry } from './catalogue.ts';
import type { ConversationNote, Strategy } from './decision.ts';
import { factorOf, type Scored } from './score.ts';

const CONVERSATIONS = 20_000;
const FORGET_AFTER_MS = 60 * 60_000;
/** As long as the vendors surely keep the prefix of a prompt. */
const PREFIX_KEPT_MS = 5 * 60_000;
/** What most vendors need before they keep anything. */
const MIN_CACHED_TOKENS = 1_024;
const KEY_CHARS = 4_000;
const MAX_TURNS_AHEAD = 10;
/** So much more success is worth leaving a model for where only success counts. */
const WORTH_MOVING = 0.03;

interface Past {
  model: string;
  turns: number;
  at: number;
  /** The prompt each model was last sent, newest last: what its provider may still have. */
  sent: { model: string; promptTokens: number; at: number }[];
}

const MAX_SENT = 4;

/** What the last turn of a conversation means for this one. */
export interface Turn {
  past: Past;
  isInToolLoop: boolean;
  /** How many more turns like this one are expected. */
  ahead: number;
  /** Tokens of this prompt that a model's provider is expected to have in its cache. */
  cachedTokens: (entry: Entry) => number;
}

/** Which model each conversation is with. In memory, bounded, and forgotten after an hour's silence. */
export function createConversations() {
  const memory = lru<Past>(CONVERSATIONS);

  return {
    find(key: string, request: ChatRequest, at: number): Turn | null {
      const past = memory.get(key);
      // The same words may begin many conversations; without an answer in it there is nothing to go on with.
      if (!past || at - past.at > FORGET_AFTER_MS) return null;
      if (!request.messages.some((message) => message.role === 'assistant')) return null;
      const cachedTokens = (entry: Entry): number => {
        const sent = past.sent.find(({ model }) => model === nameOf(entry));
        const least = entry.model.minCacheTokens ?? MIN_CACHED_TOKENS;
        if (!sent || at - sent.at >= PREFIX_KEPT_MS || sent.promptTokens < least) return 0;
        return Math.ceil(sent.promptTokens * factorOf(entry));
      };
      return { past, isInToolLoop: endsInToolResult(request), ahead: turnsAhead(request), cachedTokens };
    },
    remember(key: string, model: string, promptTokens: number, at: number): void {
      const past = memory.get(key);
      const others = past?.sent.filter((one) => one.model !== model).slice(1 - MAX_SENT) ?? [];
      memory.set(key, { model, turns: (past?.turns ?? 0) + 1, at, sent: [...others, { model, promptTokens, at }] });
    },
  };
}

/** Conversations are told apart by who leads them and how they begin. */
export function conversationKeyOf(request: ChatRequest, ownerId: string): string {
  const first = request.messages.find((message) => message.role === 'user');
  const system = textOf(request.system).slice(0, KEY_CHARS);
  return `${ownerId} ${Bun.hash.xxHash64(`${system}\n${textOf(first?.content ?? []).slice(0, KEY_CHARS)}`)}`;
}

/**
 * Puts the model of the last turn first unless leaving it is worth more than what its provider has in its cache: the turn asks
 * for more than it can do, or another one is so much cheaper that it pays to write the prefix anew.
 */
export function settle(ranked: readonly Scored[], turn: Turn, strategy: Strategy) {
  const { past } = turn;
  const current = ranked.find((scored) => nameOf(scored.entry) === past.model);
  const challenger = ranked[0];
  const cachedTokens = current ? turn.cachedTokens(current.entry) : 0;
  const note = (isStaying: boolean, why: ConversationWhy): ConversationNote => ({
    model: past.model,
    turns: past.turns,
    cachedTokens,
    isStaying,
    why,
  });
  if (!current || !challenger) return { ranked, note: note(false, { code: 'cannot-go-on' }) };
  const staying = (why: ConversationWhy) => ({
    ranked: [current, ...ranked.filter((scored) => scored !== current)],
    note: note(true, why),
  });
  if (challenger === current) return staying({ code: 'still-best' });

  const isStronger = challenger.success > current.success;
  if (!current.meetsFloor && challenger.meetsFloor && isStronger) {
    return { ranked, note: note(false, { code: 'asks-more' }) };
  }
  if (strategy === 'quality' && challenger.success >= current.success + WORTH_MOVING) {
    return { ranked, note: note(false, { code: 'likelier' }) };
  }
  if (turn.isInToolLoop) return staying({ code: 'tool-loop' });
  const saving = (current.weighedNanoUsd ?? 0) - (challenger.weighedNanoUsd ?? 0);
  const turns = turn.ahead;
  if (strategy !== 'quality' && challenger.meetsFloor && saving > 0) {
    return { ranked, note: note(false, { code: 'moving-saves', nanoUsd: saving, turns }) };
  }
  return staying({ code: 'moving-costs', nanoUsd: -saving, turns, cachedTokens });
}

/** As many as there have been for each thing the user asked for: a loop of tools is as long as those before it. */
function turnsAhead({ messages }: ChatRequest): number {
  const answers = messages.filter((message) => message.role === 'assistant').length;
  const questions = messages.filter(
    (message) => message.role === 'user' && message.content.some((part) => part.type === 'text'),
  ).length;
  return Math.max(1, Math.min(MAX_TURNS_AHEAD, Math.round(answers / Math.max(1, questions))));
}

function endsInToolResult({ messages }: ChatRequest): boolean {
  return messages.at(-1)?.content.some((part) => part.type === 'tool-result') ?? false;
}

function nameOf({ model }: Entry): string {
  return `${model.provider}/${model.id}`;
}

function textOf(parts: readonly object[]): string {
  let text = '';
  for (const part of parts) if ('text' in part && typeof part.text === 'string') text += part.text;
  return text;
}
