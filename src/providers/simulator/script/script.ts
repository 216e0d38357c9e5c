import { countTokens } from '../prompt-memory.ts';
import type { Ask, AskedTool } from './ask.ts';
import { type Directives, withoutDirectives } from './directives.ts';
import { quoteResults, writeProse, writeThoughts } from './prose.ts';
import { findHints, type Hints, instanceOf } from './schema-instance.ts';

/** One answer, before it is put on a wire. */
export interface Answer {
  /** Empty where the model did not think or does not show it. */
  thoughts: string;
  /** Set when the model declined; the rest is empty then. */
  refusal: string | null;
  text: string;
  calls: AnsweredCall[];
  ending: 'stop' | 'stop-sequence' | 'length' | 'tool-calls' | 'refusal';
  stopSequence: string | null;
  /** Tokens spent on thinking, shown or not. */
  thinkingTokens: number;
  /** Tokens of everything else. */
  visibleTokens: number;
}

export interface AnsweredCall {
  name: string;
  /** JSON, broken off where the limit was reached; free text for a tool without a schema. */
  argumentsText: string;
  isCustom: boolean;
  namespace?: string;
}

const REFUSAL = "I'm sorry, but I can't help with that.";

/** Decides what to answer: the same request always gets the same answer. `choice` counts the answers to one request. */
export function writeAnswer(ask: Ask, directives: Directives, choice: number): Answer {
  const base = { thoughts: '', text: '', calls: [], refusal: null, stopSequence: null, thinkingTokens: 0 };
  if (directives.isRefused) {
    return { ...base, refusal: REFUSAL, ending: 'refusal', visibleTokens: countTokens(REFUSAL) };
  }

  const thinking = think(ask);
  const limit = ask.maxTokens === null ? Number.POSITIVE_INFINITY : ask.maxTokens - thinking.thinkingTokens;
  const calls = chooseCalls(ask);
  if (calls.length > 0) {
    const names = [...new Set(calls.map(({ name }) => name))].join(' and ');
    const isForced = ask.toolChoice.mode === 'forced';
    const text = ask.talksBeforeCalls && !isForced ? `${markerOf(ask)}I will call ${names}.` : '';
    return { ...base, ...thinking, text, ...limitCalls(calls, limit - countTokens(text), countTokens(text)) };
  }

  const whole = directives.isSilent ? '' : writeText(ask, directives, choice);
  const stopped = cutAtStop(whole, ask.stop);
  const cut = directives.isTruncated ? Math.min(limit, Math.ceil(countTokens(stopped.text) / 2)) : limit;
  if (countTokens(stopped.text) > cut) {
    const text = firstTokens(stopped.text, cut);
    return { ...base, ...thinking, text, ending: 'length', visibleTokens: countTokens(text) };
  }
  return { ...base, ...thinking, ...stopped, visibleTokens: countTokens(stopped.text) };
}

/** Thinking takes at most half of what the reply may cost, so that a short limit still leaves something to read. */
function think({ thinking, userText, toolResults, maxTokens }: Ask): Pick<Answer, 'thoughts' | 'thinkingTokens'> {
  if (thinking.tokens === 0) return { thoughts: '', thinkingTokens: 0 };
  const most = maxTokens === null ? Number.POSITIVE_INFINITY : Math.floor(maxTokens / 2);
  const thoughts = thinking.isShown ? firstTokens(writeThoughts(userText, toolResults), most) : '';
  return { thoughts, thinkingTokens: Math.min(most, Math.max(thinking.tokens, countTokens(thoughts))) };
}

/** Every answer begins with this, so that nobody can mistake it for a model's. JSON answers cannot, or they would not parse. */
function markerOf({ model }: Ask): string {
  return `[simulated ${model}] `;
}

function writeText(ask: Ask, { say }: Directives, choice: number): string {
  const marker = choice === 0 ? markerOf(ask) : `${markerOf(ask)}(${choice + 1}) `;
  switch (ask.output.type) {
    case 'schema':
      return say ?? JSON.stringify(instanceOf(ask.output.schema, hintsOf(ask)));
    case 'json':
      return say ?? JSON.stringify({ simulated: true, model: ask.model, answer: writeProse(ask.userText) });
    case 'text':
      if (say !== null) return marker + say;
      return marker + (ask.toolResults.length > 0 ? quoteResults(ask.toolResults) : writeProse(ask.userText));
  }
}

function chooseCalls(ask: Ask): AnsweredCall[] {
  const { tools, toolChoice, toolResults } = ask;
  if (toolChoice.mode === 'none' || tools.length === 0) return [];
  const isForced = toolChoice.mode === 'forced';
  if (!isForced && toolResults.length > 0) return [];

  const allowed = isForced ? tools.filter(({ name }) => toolChoice.names.includes(name)) : tools;
  const text = withoutDirectives(ask.userText).toLowerCase();
  const mentioned = allowed.filter(({ name }) => mentions(text, name));
  const isInvited = isForced || /\buse (?:the|a) tool\b/.test(text);
  const [first] = mentioned.length > 0 || !isInvited ? mentioned : allowed;
  if (!first) return [];

  const hints = hintsOf(ask);
  return severalOf(ask, { text, first, mentioned, allowed }).map((tool) => callOf(tool, hints));
}

function severalOf(
  ask: Ask,
  { text, first, mentioned, allowed }: { text: string; first: AskedTool; mentioned: AskedTool[]; allowed: AskedTool[] },
): AskedTool[] {
  if (!ask.isParallel) return [first];
  if (mentioned.length > 1) return mentioned;
  if (/\btwice\b/.test(text)) return [first, first];
  if (/\bparallel\b/.test(text)) return [first, allowed.find((tool) => tool !== first) ?? first];
  return [first];
}

/** `get_weather` is mentioned by its name and by "get weather", as words of their own. */
function mentions(text: string, name: string): boolean {
  const spoken = name.toLowerCase().replaceAll(/[_-]+/g, ' ');
  const plain = ` ${text.replaceAll(/[^\p{L}\d]+/gu, ' ')} `;
  return plain.includes(` ${spoken.replaceAll(/[^\p{L}\d]+/gu, ' ').trim()} `);
}

function callOf({ schema, ...about }: AskedTool, hints: Hints): AnsweredCall {
  if (schema === null) return { ...about, argumentsText: hints.words.shift() ?? 'example input', isCustom: true };
  const instance = instanceOf({ type: 'object', ...schema }, hints);
  return { ...about, argumentsText: JSON.stringify(instance), isCustom: false };
}

function limitCalls(
  calls: AnsweredCall[],
  limit: number,
  spent: number,
): Pick<Answer, 'calls' | 'ending' | 'visibleTokens'> {
  const kept: AnsweredCall[] = [];
  let tokens = 0;
  for (const call of calls) {
    const cost = countTokens(call.name) + countTokens(call.argumentsText);
    if (tokens + cost > limit) {
      const argumentsText = firstTokens(call.argumentsText, limit - tokens - countTokens(call.name));
      return {
        calls: argumentsText === '' ? kept : [...kept, { ...call, argumentsText }],
        ending: 'length',
        visibleTokens: spent + Math.max(0, limit),
      };
    }
    kept.push(call);
    tokens += cost;
  }
  return { calls: kept, ending: 'tool-calls', visibleTokens: spent + tokens };
}

function cutAtStop(text: string, stops: string[]): Pick<Answer, 'text' | 'ending' | 'stopSequence'> {
  let at = text.length;
  let stopSequence: string | null = null;
  for (const stop of stops) {
    const found = stop === '' ? -1 : text.indexOf(stop);
    if (found === -1 || found >= at) continue;
    at = found;
    stopSequence = stop;
  }
  return { text: text.slice(0, at), ending: stopSequence === null ? 'stop' : 'stop-sequence', stopSequence };
}

function hintsOf(ask: Ask): Hints {
  return findHints(withoutDirectives(ask.userText));
}

/** Whole characters only: half a surrogate pair is no text. */
function firstTokens(text: string, tokens: number): string {
  if (countTokens(text) <= tokens) return text;
  const cut = text.slice(0, Math.max(0, Math.floor(tokens)) * 4);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
