import { z } from 'zod';

const name = z.string();
const share = z.number();
const complexity = z.enum(['simple', 'moderate', 'complex', 'expert']);
const ability = z.enum(['tools', 'structuredOutput', 'vision', 'pdf', 'audio', 'video']);

/** What made a model count for less than its numbers say. */
const note = z.discriminatedUnion('code', [
  /** Its score is an estimate, and counts as so much. */
  z.object({ code: z.literal('estimated'), quality: z.number(), counted: z.number() }),
  /** Next to nothing is left of its provider's rate limit. */
  z.object({ code: z.literal('little-room'), left: share }),
]);

/** Why a model got its place, or none. */
const bare = z.discriminatedUnion('code', [
  z.object({ code: z.literal('only-one') }),
  z.object({ code: z.literal('nearest'), floor: share, complexity, rivals: z.number() }),
  z.object({ code: z.literal('cheapest'), floor: share, rivals: z.number() }),
  z.object({ code: z.literal('likeliest'), success: share, rivals: z.number() }),
  z.object({ code: z.literal('fastest'), floor: share, rivals: z.number(), latencyMs: z.number() }),
  z.object({ code: z.literal('best-weighed'), success: share, rivals: z.number() }),
  z.object({ code: z.literal('next-cheapest'), floor: share }),
  z.object({ code: z.literal('next-likeliest'), success: share }),
  z.object({ code: z.literal('next-fastest'), latencyMs: z.number() }),
  z.object({ code: z.literal('next-weighed'), success: share }),
  z.object({ code: z.literal('spare') }),
  z.object({ code: z.literal('named') }),
  z.object({ code: z.literal('named-cheapest-first') }),
  z.object({ code: z.literal('fallback') }),

  z.object({ code: z.literal('beaten') }),
  /** Short of what is asked for; `isTried` when the others fail. */
  z.object({ code: z.literal('short'), success: share, floor: share, isTried: z.boolean() }),
  z.object({ code: z.literal('unrated'), isTried: z.boolean() }),
  z.object({ code: z.literal('no-key'), provider: name }),
  z.object({ code: z.literal('not-allowed') }),
  z.object({ code: z.literal('other-dialects'), dialects: name }),
  z.object({ code: z.literal('cannot'), ability }),
  z.object({ code: z.literal('may-not-be-able'), ability }),
  z.object({ code: z.literal('one-dialect'), dialect: name }),
  z.object({ code: z.literal('too-weak'), quality: z.number().nullable(), asked: z.number() }),
  z.object({ code: z.literal('too-long'), tokens: z.number(), window: z.number() }),
  z.object({ code: z.literal('unpriced') }),
  z.object({ code: z.literal('too-dear') }),
  z.object({ code: z.literal('retired'), replacement: name.nullable() }),
  z.object({ code: z.literal('no-chat') }),
  z.object({ code: z.literal('unknown-fallback') }),
]);

const place = bare.and(z.object({ notes: z.array(note).optional() }));

/** Why a conversation stays with its model, or leaves it. */
const conversation = z.discriminatedUnion('code', [
  z.object({ code: z.literal('cannot-go-on') }),
  z.object({ code: z.literal('still-best') }),
  z.object({ code: z.literal('asks-more') }),
  z.object({ code: z.literal('likelier') }),
  z.object({ code: z.literal('tool-loop') }),
  z.object({ code: z.literal('moving-saves'), nanoUsd: z.number(), turns: z.number() }),
  z.object({ code: z.literal('moving-costs'), nanoUsd: z.number(), turns: z.number(), cachedTokens: z.number() }),
]);

/** Why these models: what the whole decision says first. */
const choice = z.discriminatedUnion('code', [
  z.object({ code: z.literal('judged'), complexity, confidence: share, model: name, first: place }),
  z.object({ code: z.literal('stays'), model: name, because: conversation }),
  z.object({ code: z.literal('asked'), model: name }),
  z.object({ code: z.literal('stand-in'), model: name, fallback: name }),
  /** The gateway's own calls, for a comparison of answers: to `request`, which `model` has answered. */
  z.object({ code: z.literal('shadow-answer'), request: name, model: name }),
  z.object({ code: z.literal('shadow-judge'), request: name }),
]);

/**
 * The reasons of a decision as codes and numbers, from which a sentence is made in the language of whoever reads it. They are
 * stored with every request, so a code keeps its meaning for ever; a new meaning is a new code.
 */
export type PlaceNote = z.infer<typeof note>;
export const PlaceWhy = place;
export type PlaceWhy = z.infer<typeof place>;
export const ConversationWhy = conversation;
export type ConversationWhy = z.infer<typeof conversation>;
export const ChoiceWhy = choice;
export type ChoiceWhy = z.infer<typeof choice>;
