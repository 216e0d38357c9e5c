import type { ChatEvent } from '../../chat/event.ts';
import { createCollector, textOf } from '../../chat/reply.ts';
import { GatewayError } from '../../errors.ts';
import type { Candidate } from '../executor/index.ts';
import type { Router } from '../router/index.ts';
import { type CompareParts, type Comparison, compare } from './compare.ts';
import { bytesOf } from './most.ts';
import { isOn, MAX_ANSWER_BYTES, rivalOf, type ShadowTerms, type ShadowTurn, type SkipReason, whyNot } from './turn.ts';

export type { Comparison } from './compare.ts';
export type { Outcome } from './judge.ts';
export type { Spending } from './purse.ts';
export { createShadowPurse } from './purse.ts';
export { isOn, type ShadowTerms, type SkipReason } from './turn.ts';

const AT_ONCE = 2;
const MAX_WAITING = 20;
/** Thoughts included; an answer beyond it is not listened to any further. */
const MAX_HEARD = 100_000;
/** A comparison leaves programs this share of a rate limit. */
const ROOM_FOR_PROGRAMS = 0.25;
/** Longer than this nothing is waited for. */
const PATIENCE_MS = 180_000;

interface ShadowOptions extends CompareParts {
  terms: () => ShadowTerms;
  router: Pick<Router, 'choose'>;
  /** The share that is left of a provider's rate limits for a model; null = nobody told. */
  room: (model: Candidate['model'], promptTokens: number, outputTokens: number) => number | null;
  /** Whether the simulator answers in a provider's name. */
  isSimulated: (providerId: string) => boolean;
  /** From 0 to 1. */
  random?: () => number;
  onComparison: (comparison: Comparison) => Promise<void>;
  logError: (message: string, cause: unknown) => void;
}

/** Listens to one answer. */
export interface ShadowWatch {
  see(event: ChatEvent): void;
  /** Once, when the client has its answer. */
  end(isWhole: boolean): void;
}

export type Shadow = ReturnType<typeof createShadow>;

/**
 * Compares a small share of answers with those of another model, after the client has its own. It never delays or fails a
 * request: it listens, and works when all is over, a little at a time. What was said is kept in memory until it is judged.
 */
export function createShadow(options: ShadowOptions) {
  const { terms, router, room, random = Math.random, isSimulated, onComparison, logError, ...parts } = options;
  const waiting: { turn: ShadowTurn; served: string }[] = [];
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const skipped = new Map<SkipReason, number>();

  const skip = (reason: SkipReason): null => {
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    return null;
  };

  /** Null where this answer is not to be compared, which is nearly always. */
  function watch(turn: ShadowTurn): ShadowWatch | null {
    const set = terms();
    if (!isOn(set) || stopping.signal.aborted || random() * 100 >= set.percent) return null;
    const reason = whyNot(turn);
    if (reason) return skip(reason);
    const collector = createCollector();
    let characters = 0;
    return {
      see(event) {
        if ('text' in event) characters += event.text.length;
        if (characters <= MAX_HEARD) collector.add(event);
      },
      end(isWhole) {
        if (!isWhole) return;
        const served = servedText(collector.reply);
        if (characters > MAX_HEARD || bytesOf(served ?? '') > MAX_ANSWER_BYTES) return void skip('too-long');
        if (served === null) return void skip('not-text');
        if (waiting.length >= MAX_WAITING) return void skip('busy');
        waiting.push({ turn, served });
        // The last bytes of the answer are on their way first.
        setTimeout(work, 0);
      },
    };
  }

  function work(): void {
    while (running.size < AT_ONCE) {
      const next = stopping.signal.aborted ? undefined : waiting.shift();
      if (!next) return;
      const job = pair(next).then(
        () => {},
        (thrown) => logError('A comparison of answers failed.', thrown),
      );
      running.add(job);
      void job.then(() => {
        running.delete(job);
        work();
      });
    }
  }

  async function pair({ turn, served }: { turn: ShadowTurn; served: string }): Promise<void> {
    const { judgeModel, rivalModel } = terms();
    if (judgeModel === null) return;
    const [rival, judge] = [
      rivalModel === null ? rivalOf(turn) : await find(rivalModel, turn),
      await find(judgeModel, turn),
    ];
    if (rival === undefined || rival?.model === turn.candidate.model) return void skip('no-rival');
    if (rival === null || judge === null) return void skip('not-allowed');
    if ([rival, judge].some(({ providerId }) => isSimulated(providerId) !== turn.isSimulated))
      return void skip('simulation');
    if ([rival, judge].some(isScarce)) return void skip('rate-limit');
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const outcome = await compare({ turn, served, rival, judge, signal }, parts);
    if (typeof outcome === 'string') return void skip(outcome);
    if (!stopping.signal.aborted) await onComparison(outcome);
  }

  /** A model that the operator names; null where the key of the request may not use it, or nobody serves it. */
  async function find(
    name: string,
    { request, classification, allowance, rules }: ShadowTurn,
  ): Promise<Candidate | null> {
    const question = { request: { ...request, model: name }, classification, allowance, rules };
    const found = Promise.try(() => router.choose(question).candidates[0] ?? null);
    return await found.catch((thrown: unknown) => (thrown instanceof GatewayError ? null : Promise.reject(thrown)));
  }

  function isScarce({ model, expected }: Candidate): boolean {
    const left = room(model, expected.tokens, 0);
    return left !== null && left < ROOM_FOR_PROGRAMS;
  }

  return {
    watch,
    /** Since the start, by reason. */
    skipped: (): Record<string, number> => Object.fromEntries(skipped),
    /** Comparisons under way or waiting. */
    openCount: () => running.size + waiting.length,
    spentToday: parts.purse.spentToday,
    /** Resolves when nothing is under way any more. */
    async idle(): Promise<void> {
      while (running.size + waiting.length > 0) {
        await Promise.all(running);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    },
    async stop(): Promise<void> {
      stopping.abort();
      waiting.length = 0;
      await Promise.all(running);
    },
  };
}

/** The answer's text, where it is whole and nothing else. */
function servedText({ choices }: ReturnType<typeof createCollector>['reply']): string | null {
  const [choice] = choices;
  if (!choice || choices.length > 1 || (choice.reason !== 'stop' && choice.reason !== 'stop-sequence')) return null;
  if (!choice.content.every(({ type }) => type === 'text' || type === 'reasoning')) return null;
  return textOf(choice) || null;
}
