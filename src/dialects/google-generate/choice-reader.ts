import type { ChatEvent, StopReason, TokenLogprob } from '../../chat/event.ts';
import type { Signature } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { isFinishReason, parseFinishReason } from './finish-reason.ts';
import { createPartialArguments } from './partial-args.ts';
import { DIALECT_ID } from './wire.ts';
import { type WireCandidate, type WireReplyPart, wireLogprobs, wireReplyPart } from './wire-reply.ts';

interface HeldCall {
  id: string | undefined;
  name: string;
  args: JsonObject;
  signature: Signature | undefined;
}

type WireCall = NonNullable<WireReplyPart['functionCall']>;

/** Turns what comes of one candidate, whole or in chunks, into events. */
export function createChoiceReader(choice: number, replyId: string) {
  /**
   * Calls not told yet: one that Google itself answers within the reply (a remote MCP tool) is not the client's to
   * run, and that shows only by the response after it.
   */
  let held: HeldCall[] = [];
  let partial: { call: HeldCall; pieces: ReturnType<typeof createPartialArguments> } | undefined;
  let calls = 0;
  let isThinking = false;
  let hasText = false;
  let finishReason: string | number | undefined;
  const usedIds = new Set<string>();

  function read(candidate: WireCandidate): ChatEvent[] {
    const events: ChatEvent[] = [];
    for (const part of candidate.content?.parts ?? []) {
      const parsed = wireReplyPart.safeParse(part);
      if (parsed.success) events.push(...readPart(parsed.data));
    }
    events.push(...readLogprobs(candidate), ...readCitations(candidate));
    if (isFinishReason(candidate.finishReason)) finishReason = candidate.finishReason;
    return events;
  }

  function readPart(part: WireReplyPart): ChatEvent[] {
    const signature = part.thoughtSignature ? { dialect: DIALECT_ID, value: part.thoughtSignature } : undefined;
    if (part.functionResponse) {
      dropAnswered(part.functionResponse);
      return [];
    }
    if (part.functionCall) {
      readCall(part.functionCall, signature);
      return closeThoughts();
    }
    if (part.text === undefined) return [];
    const before = tellCalls();
    if (part.thought) return [...before, ...readThought(part.text, signature)];
    if (part.text === '' && !signature) return before;
    hasText ||= part.text !== '';
    const delta = { type: 'text-delta' as const, choice, text: part.text };
    return [...before, ...closeThoughts(), signature ? { ...delta, signature } : delta];
  }

  function readThought(text: string, signature: Signature | undefined): ChatEvent[] {
    const delta: ChatEvent[] = text === '' ? [] : [{ type: 'reasoning-delta', choice, text }];
    isThinking ||= text !== '';
    if (!signature) return delta;
    isThinking = false;
    return [...delta, { type: 'reasoning-end', choice, signature }];
  }

  function readCall(wire: WireCall, signature: Signature | undefined): void {
    if (partial && !wire.name) partial.call.signature ??= signature;
    else {
      endPartial();
      const call = { id: wire.id || undefined, name: wire.name ?? '', args: wire.args ?? {}, signature };
      if (!wire.partialArgs && !wire.willContinue) {
        held.push(call);
        return;
      }
      partial = { call, pieces: createPartialArguments() };
    }
    for (const piece of wire.partialArgs ?? []) partial.pieces.add(piece);
    if (!wire.willContinue) endPartial();
  }

  function endPartial(): void {
    if (!partial) return;
    held.push({ ...partial.call, args: { ...partial.call.args, ...partial.pieces.args } });
    partial = undefined;
  }

  function dropAnswered(response: { id?: string | undefined; name?: string | undefined }): void {
    endPartial();
    const byId = held.findIndex((call) => call.id !== undefined && call.id === response.id);
    const position = byId >= 0 ? byId : held.findIndex((call) => call.name === response.name);
    if (position >= 0) held.splice(position, 1);
  }

  function tellCalls(): ChatEvent[] {
    endPartial();
    const told = held.flatMap((call) => tellCall(call));
    held = [];
    return told;
  }

  function tellCall({ id: givenId, name, args, signature }: HeldCall): ChatEvent[] {
    const call = calls++;
    const id = givenId !== undefined && !usedIds.has(givenId) ? givenId : synthesiseCallId(replyId, choice, call);
    usedIds.add(id);
    const start = { type: 'tool-call-start' as const, choice, call, id, name };
    return [
      signature ? { ...start, signature } : start,
      { type: 'tool-call-delta', choice, call, argumentsText: JSON.stringify(args) },
      { type: 'tool-call-end', choice, call },
    ];
  }

  function closeThoughts(): ChatEvent[] {
    if (!isThinking) return [];
    isThinking = false;
    return [{ type: 'reasoning-end', choice }];
  }

  function readLogprobs(candidate: WireCandidate): ChatEvent[] {
    const tokens = candidate.logprobsResult ? parseLogprobs(candidate.logprobsResult) : [];
    return tokens.length > 0 ? [{ type: 'logprobs', choice, tokens }] : [];
  }

  // A citation belongs to a text; where there is none it would only make an empty one.
  function readCitations({ groundingMetadata, citationMetadata, urlContextMetadata }: WireCandidate): ChatEvent[] {
    if (!hasText) return [];
    const found = Object.entries({ groundingMetadata, citationMetadata, urlContextMetadata });
    return found.flatMap(([key, metadata]): ChatEvent[] =>
      metadata && Object.keys(metadata).length > 0 ? [{ type: 'citation', choice, citation: { [key]: metadata } }] : [],
    );
  }

  /** Whether the provider has said why this candidate ended. */
  function isFinished(): boolean {
    return finishReason !== undefined;
  }

  /**
   * Tells what was held back, then the stop. Google repeats the reason or goes on after it, so only the end is final.
   */
  function finish(reasonUntold: StopReason): ChatEvent[] {
    const events = [...tellCalls(), ...closeThoughts()];
    const reason = finishReason === undefined ? reasonUntold : parseFinishReason(finishReason, calls);
    return [...events, { type: 'stop', choice, reason }];
  }

  return { read, isFinished, finish };
}

/** An id where Google gave none: the same reply always gets the same ids, and any vendor accepts them in a replay. */
function synthesiseCallId(replyId: string, choice: number, call: number): string {
  return `call_${replyId.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 24)}_${choice}_${call}`;
}

function parseLogprobs(result: JsonObject): TokenLogprob[] {
  const { chosenCandidates, topCandidates } = wireLogprobs.parse(result);
  return chosenCandidates.map(({ token, logProbability }, i) => ({
    token,
    logprob: logProbability,
    top: (topCandidates[i]?.candidates ?? []).map((top) => ({ token: top.token, logprob: top.logProbability })),
  }));
}
