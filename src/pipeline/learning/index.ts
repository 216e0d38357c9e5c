import { z } from 'zod';
import { parseShares } from '../../chat/topic-shares.ts';
import type { Clock } from '../../lib/clock.ts';
import { tryParseJson } from '../../lib/json.ts';
import { Lesson, learnLesson, shiftOf, slantOf, slopeOf, unlearnLesson } from './lesson.ts';
import {
  admit,
  createOwner,
  fadeOwner,
  type Owner,
  parseOwner,
  renderOwner,
  SOURCES,
  type Source,
  StoredOwner,
  voiceOf,
  weightOf,
} from './owners.ts';
import { type LearningReport, reportOf } from './report.ts';

export { MAX_SHIFT } from './lesson.ts';
export { DAILY, SOURCES, type Source } from './owners.ts';
export type { LearningReport } from './report.ts';
export { createSignals, type Signal, type Signals } from './signals.ts';

/** Under this name lies what all owners share. */
const SHARED = '';
/** Owners beyond these teach what all share, and have no weights of their own. */
const MAX_OWNERS = 2_000;

/** A verdict on one answer of one model. */
export interface Verdict {
  source: Source;
  /** Whose request it was: the person, or the key of nobody. */
  ownerId: string;
  model: string;
  /** Of the model for this kind of work: 0 at the catalogue's tenth, 1 at its ninetieth percentile. */
  strength: number;
  /** The logit of success before anything learned. */
  logit: number;
  /** What the request is about; see `chat/topic-shares.ts`. */
  topics: string | null;
  passed: boolean;
}

/** What was learned from a verdict, to be kept with it: `forget` takes exactly this back. */
export const Taught = z.object({
  epoch: z.number(),
  ownerId: z.string(),
  source: z.enum(SOURCES),
  lesson: Lesson,
});
export type Taught = z.infer<typeof Taught>;

/** How far what was learned moves a model's logit of success for one request; at most two, in either direction. */
export type Learned = (model: string, strength: number) => number;

export interface StoredLearning {
  ownerId: string;
  state: string;
  at: number;
}

interface LearningOptions {
  /** The names of the kinds of requests, in the order of their shares. */
  kinds: readonly string[];
  now: Clock;
  /** Whether it learns, and whether what it learned is used. */
  isOn: () => boolean;
  /** Told that something is to be saved. */
  onChange?: (() => void) | undefined;
}

export type Learning = ReturnType<typeof createLearning>;

/**
 * Learns from verdicts on answers, online. Every owner has weights of their own over those that all share; both start at 0, fade
 * in time, and move a logit by no more than `MAX_SHIFT` each.
 */
export function createLearning({ kinds, now, isOn, onChange = () => {} }: LearningOptions) {
  let epoch = now();
  let shared = createOwner(kinds.length, now());
  let owners = new Map<string, Owner>();
  const changed = new Set<string>();

  /** What is known for a request; null where it is off or there is nothing, so that nothing is moved. */
  function read(ownerId: string, topics: string | null | undefined): Learned | null {
    if (!isOn() || shared.labels.size + owners.size === 0) return null;
    const shares = parseShares(topics, kinds.length);
    if (!shares) return null;
    const own = owners.get(ownerId)?.weights;
    const slopeOfAll = slopeOf(shared.weights, shares);
    const slopeOfOwn = own && slopeOf(own, shares);
    return (model, strength) => {
      const slant = slantOf(strength);
      const common = shiftOf(shared.weights, slopeOfAll, model, slant);
      return own && slopeOfOwn ? common + shiftOf(own, slopeOfOwn, model, slant) : common;
    };
  }

  /** Learns from a verdict. Null where it is off, the request says too little, or the owner has had their say for today. */
  function learn(verdict: Verdict): Taught | null {
    const { source, ownerId } = verdict;
    const shares = parseShares(verdict.topics, kinds.length);
    if (!isOn() || !shares) return null;
    const at = now();
    const owner = ownerFor(ownerId, at);
    const admitted = admit(owner, source, at);
    if (!admitted.own) return null;
    fadeOwner(owner, at);
    fadeOwner(shared, at);
    const isKept = owners.has(ownerId);
    const lesson = learnLesson(
      { ...verdict, shares, weight: weightOf(source) },
      {
        own: isKept ? owner.weights : null,
        shared: admitted.shared ? shared.weights : null,
        read: [shared.weights, owner.weights],
        voice: voiceOf(owner, source),
      },
      at,
    );
    count(owner, source, { by: 1, at });
    if (isKept) changed.add(ownerId);
    return { epoch, ownerId, source, lesson };
  }

  /** Takes back what a verdict taught; nothing where all has been forgotten since. */
  function forget({ ownerId, source, lesson, epoch: then }: Taught): void {
    if (then !== epoch) return;
    const at = now();
    const owner = owners.get(ownerId) ?? createOwner(kinds.length, at);
    fadeOwner(owner, at);
    fadeOwner(shared, at);
    unlearnLesson(lesson, { own: owner.weights, shared: shared.weights, voice: voiceOf(owner, source) }, at);
    count(owner, source, { by: -1, at });
    if (owners.has(ownerId)) changed.add(ownerId);
  }

  function ownerFor(ownerId: string, at: number): Owner {
    const known = owners.get(ownerId);
    if (known) return known;
    const made = createOwner(kinds.length, at);
    if (owners.size < MAX_OWNERS) owners.set(ownerId, made);
    return made;
  }

  function count(owner: Owner, source: Source, { by, at }: { by: number; at: number }): void {
    for (const each of [owner, shared]) {
      each.labels.set(source, Math.max(0, (each.labels.get(source) ?? 0) + by));
      each.lastAt = at;
    }
    changed.add(SHARED);
    onChange();
  }

  /** Forgets everything, for everybody. */
  function reset(): void {
    epoch = Math.max(now(), epoch + 1);
    shared = createOwner(kinds.length, now());
    owners = new Map();
    changed.clear();
  }

  /** What was saved before. What another version has saved, and this one does not understand, is as if it were not there. */
  function load(rows: readonly StoredLearning[]): void {
    for (const { ownerId, state } of rows) {
      const stored = StoredState.safeParse(tryParseJson(state)).data;
      if (!stored) continue;
      if (ownerId === SHARED) {
        epoch = stored.epoch;
        shared = parseOwner(stored.owner, kinds);
      } else owners.set(ownerId, parseOwner(stored.owner, kinds));
    }
  }

  /** What has changed since this was last asked, to be saved. */
  function takeChanges(): StoredLearning[] {
    const rows = [...changed].flatMap((ownerId) => {
      const owner = ownerId === SHARED ? shared : owners.get(ownerId);
      const at = owner?.lastAt ?? 0;
      return owner ? [{ ownerId, at, state: JSON.stringify({ epoch, owner: renderOwner(owner, kinds) }) }] : [];
    });
    changed.clear();
    return rows;
  }

  return {
    isOn,
    read,
    learn,
    forget,
    reset,
    load,
    takeChanges,
    /** What has been learned; of this owner, or what all share. */
    report: (ownerId?: string): LearningReport | null => {
      const owner = ownerId === undefined ? shared : owners.get(ownerId);
      return owner ? reportOf(owner, kinds) : null;
    },
    /** How many owners have taught something. */
    ownerCount: () => owners.size,
  };
}

const StoredState = z.object({ epoch: z.number(), owner: StoredOwner });
