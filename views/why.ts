import type { ChoiceWhy, ConversationWhy, PlaceNote, PlaceWhy } from '../src/chat/why.ts';
import { type PlainFrame, plainFrame } from './frame.ts';

/** What a reason is written with. */
type Words = Pick<PlainFrame, 't' | 'format'>;

/** For programs: our own sentences are English. */
export const ENGLISH: Words = plainFrame('en', 0);

/** Why these models, as a sentence. */
export function writeChoice(words: Words, why: ChoiceWhy): string {
  const t = words.t.reasons;
  switch (why.code) {
    case 'judged': {
      const is = writeBare(words, why.first).replace(/\.$/, '');
      const confidence = words.format.percent(why.confidence);
      const said = t.judged(t.work[why.complexity], confidence, why.model, is.charAt(0).toLowerCase() + is.slice(1));
      return said + writeNotes(words, why.first);
    }
    case 'stays':
      return t.stays(why.model, writeConversation(words, why.because, why.model));
    case 'asked':
      return t.asked(why.model);
    case 'stand-in':
      return t.standIn(why.model, why.fallback);
    case 'shadow-answer':
      return t.shadowAnswer(why.request, why.model);
    case 'shadow-judge':
      return t.shadowJudge(why.request);
    default:
      return why satisfies never;
  }
}

/** Why a conversation stays with a model or leaves it. */
export function writeConversation({ t, format }: Words, why: ConversationWhy, model: string): string {
  const c = t.reasons.conversation;
  switch (why.code) {
    case 'cannot-go-on':
      return c.cannotGoOn(model);
    case 'still-best':
      return c.stillBest;
    case 'asks-more':
      return c.asksMore(model);
    case 'likelier':
      return c.likelier;
    case 'tool-loop':
      return c.toolLoop;
    case 'moving-saves':
      return c.movingSaves(format.money(why.nanoUsd), format.count(why.turns));
    case 'moving-costs':
      return c.movingCosts(format.money(why.nanoUsd), format.count(why.turns), format.count(why.cachedTokens));
    default:
      return why satisfies never;
  }
}

/** Why a model got its place, or none, as a sentence. */
export function writePlace(words: Words, why: PlaceWhy): string {
  return writeBare(words, why) + writeNotes(words, why);
}

function writeNotes({ t, format }: Words, { notes = [] }: PlaceWhy): string {
  const write = (note: PlaceNote): string => {
    switch (note.code) {
      case 'estimated':
        return t.reasons.estimated(format.count(note.quality), format.count(note.counted));
      case 'little-room':
        return t.reasons.littleRoom(format.percent(note.left));
      default:
        return note satisfies never;
    }
  };
  return notes.map((note) => ` ${write(note)}`).join('');
}

function writeBare({ t, format }: Words, why: PlaceWhy): string {
  const r = t.reasons;
  const { percent, count, duration } = format;
  switch (why.code) {
    case 'only-one':
      return sentence(r.first.onlyOne);
    case 'nearest':
      return sentence(r.first.nearest(percent(why.floor), r.work[why.complexity], count(why.rivals)));
    case 'cheapest':
      return sentence(r.first.cheapest(percent(why.floor), count(why.rivals)));
    case 'likeliest':
      return sentence(r.first.likeliest(percent(why.success), count(why.rivals)));
    case 'fastest':
      return sentence(r.first.fastest(percent(why.floor), count(why.rivals), duration(why.latencyMs)));
    case 'best-weighed':
      return sentence(r.first.bestWeighed(percent(why.success), count(why.rivals)));
    case 'next-cheapest':
      return r.nextCheapest(percent(why.floor));
    case 'next-likeliest':
      return r.nextLikeliest(percent(why.success));
    case 'next-fastest':
      return r.nextFastest(duration(why.latencyMs));
    case 'next-weighed':
      return r.nextWeighed(percent(why.success));
    case 'spare':
      return r.spare;
    case 'named':
      return r.named;
    case 'named-cheapest-first':
      return r.namedCheapestFirst;
    case 'fallback':
      return r.fallback;
    default:
      return writeLeftOut({ t, format }, why);
  }
}

type Kept =
  | 'only-one'
  | 'nearest'
  | 'cheapest'
  | 'likeliest'
  | 'fastest'
  | 'best-weighed'
  | 'next-cheapest'
  | 'next-likeliest'
  | 'next-fastest'
  | 'next-weighed'
  | 'spare'
  | 'named'
  | 'named-cheapest-first'
  | 'fallback';

function writeLeftOut({ t, format }: Words, why: Exclude<PlaceWhy, { code: Kept }>): string {
  const r = t.reasons;
  const { percent, count } = format;
  switch (why.code) {
    case 'beaten':
      return r.beaten;
    case 'short':
      return (why.isTried ? r.shortButTried : r.short)(percent(why.success), percent(why.floor));
    case 'unrated':
      return why.isTried ? r.unratedButTried : r.unrated;
    case 'no-key':
      return r.noKey(why.provider);
    case 'not-allowed':
      return r.notAllowed;
    case 'other-dialects':
      return r.otherDialects(why.dialects);
    case 'cannot':
      return r.cannot(r.abilities[why.ability]);
    case 'may-not-be-able':
      return r.mayNotBeAble(r.abilities[why.ability]);
    case 'one-dialect':
      return r.oneDialect(why.dialect);
    case 'too-weak':
      return why.quality === null ? r.tooUnknown(count(why.asked)) : r.tooWeak(count(why.quality), count(why.asked));
    case 'too-long':
      return r.tooLong(count(why.tokens), count(why.window));
    case 'unpriced':
      return r.unpriced;
    case 'too-dear':
      return r.tooDear;
    case 'retired':
      return why.replacement === null ? r.retired : r.replacedBy(why.replacement);
    case 'no-chat':
      return r.noChat;
    case 'unknown-fallback':
      return r.unknownFallback;
    default:
      return why satisfies never;
  }
}

function sentence(part: string): string {
  return `${part.charAt(0).toUpperCase()}${part.slice(1)}.`;
}
