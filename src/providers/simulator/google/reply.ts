import type { JsonObject } from '../../../lib/json.ts';
import { tryParseJson } from '../../../lib/json.ts';
import { randomId } from '../ids.ts';
import { splitText } from '../manner.ts';
import { countTokens, type PromptTokens } from '../prompt-memory.ts';
import { objectOf } from '../read.ts';
import type { Ask } from '../script/ask.ts';
import type { Answer } from '../script/script.ts';
import { signThoughts } from '../signature.ts';

interface GenerateReply {
  ask: Ask;
  answers: Answer[];
  prompt: PromptTokens;
  chunks: number | null;
}

const SAFE = ['HATE_SPEECH', 'DANGEROUS_CONTENT', 'HARASSMENT', 'SEXUALLY_EXPLICIT'];

/** The body of a response: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse */
export function writeResponse(reply: GenerateReply): JsonObject {
  const { answers, prompt } = reply;
  const tail = tailOf(reply);
  if (answers.some(({ refusal }) => refusal !== null)) return writeBlocked(reply, tail);
  const candidates = answers.map((answer, index) => ({
    content: contentOfAnswer(answer, reply),
    ...endOf(answer, reply, index),
  }));
  return {
    candidates,
    usageMetadata: writeUsage(prompt, { shown: sumOf(answers, visible), thought: sumOf(answers, thought) }),
    ...tail,
  };
}

/** The same as the responses of a stream: each carries the tokens used so far, the last of a candidate its finish. */
export function writeResponses(reply: GenerateReply): JsonObject[] {
  const { answers, prompt } = reply;
  const tail = tailOf(reply);
  if (answers.some(({ refusal }) => refusal !== null)) return [writeBlocked(reply, tail)];
  const lanes = answers.map((answer, index) => writeChunks(answer, reply, index));
  const turns = Math.max(0, ...lanes.map((lane) => lane.length));
  const chunks = Array.from({ length: turns }, (_, turn) => lanes.flatMap((lane) => lane.slice(turn, turn + 1))).flat();
  let shown = 0;
  return chunks.map(({ candidate, tokens }, at) => {
    shown = at === chunks.length - 1 ? sumOf(answers, visible) : Math.min(shown + tokens, sumOf(answers, visible));
    const usageMetadata = writeUsage(prompt, { shown, thought: sumOf(answers, thought) });
    return { candidates: [candidate], usageMetadata, ...tail };
  });
}

interface Chunk {
  candidate: JsonObject;
  /** Of the visible answer in it. */
  tokens: number;
}

function writeChunks(answer: Answer, reply: GenerateReply, index: number): Chunk[] {
  const { thoughts, text, calls, thinkingTokens } = answer;
  const pieces = splitText(text, reply.chunks);
  const callParts = writeCalls(answer, reply.ask);
  const parts: [part: JsonObject, tokens: number][] = [
    ...splitText(thoughts, 2).map((piece): [JsonObject, number] => [{ text: piece, thought: true }, 0]),
    ...pieces.map((piece): [JsonObject, number] => [{ text: piece }, countTokens(piece)]),
    ...callParts.map((part, at): [JsonObject, number] => [part, countTokens(calls[at]?.argumentsText ?? '')]),
  ];
  // The signature of an answer in words comes in an empty part of its own, with the finish.
  if (callParts.length > 0 || thinkingTokens > 0 || parts.length === 0) {
    const signs = callParts.length === 0 && thinkingTokens > 0;
    parts.push([signs ? { text: '', thoughtSignature: signThoughts('google', text) } : { text: '' }, 0]);
  }
  return parts.map(([part, tokens], at) => ({
    tokens,
    candidate: {
      content: { parts: [part], role: 'model' },
      ...(at === parts.length - 1 ? endOf(answer, reply, index) : { index }),
    },
  }));
}

/** An empty answer is a content without parts. */
function contentOfAnswer(answer: Answer, reply: GenerateReply): JsonObject {
  const parts = partsOfAnswer(answer, reply);
  return parts.length > 0 ? { parts, role: 'model' } : { role: 'model' };
}

function partsOfAnswer(answer: Answer, { ask }: GenerateReply): JsonObject[] {
  const { thoughts, text, thinkingTokens } = answer;
  const calls = writeCalls(answer, ask);
  const signature = thinkingTokens > 0 && calls.length === 0 ? { thoughtSignature: signThoughts('google', text) } : {};
  return [
    ...(thoughts === '' ? [] : [{ text: thoughts, thought: true }]),
    ...(text === '' ? [] : [{ text, ...signature }]),
    ...calls,
  ];
}

/** Calls have ids since Gemini 3; of several at once only the first is signed. Half a call is not sent at all. */
function writeCalls({ calls, thinkingTokens }: Answer, { model }: Ask): JsonObject[] {
  const hasIds = /^gemini-[3-9]/.test(model);
  return calls.flatMap(({ name, argumentsText }, index) => {
    const args = tryParseJson(argumentsText);
    if (args === undefined) return [];
    const functionCall = { name, args: objectOf(args), ...(hasIds ? { id: randomId('', 8).toLowerCase() } : {}) };
    const isSigned = index === 0 && (thinkingTokens > 0 || hasIds);
    return [{ functionCall, ...(isSigned ? { thoughtSignature: signThoughts('google', name) } : {}) }];
  });
}

function endOf({ ending }: Answer, { ask }: GenerateReply, index: number): JsonObject {
  const finishReason = ending === 'length' ? 'MAX_TOKENS' : 'STOP';
  const tellsOfCalls = ending === 'tool-calls' && /^gemini-[3-9]/.test(ask.model);
  return { finishReason, index, ...(tellsOfCalls ? { finishMessage: 'Model generated function call(s).' } : {}) };
}

function writeBlocked({ prompt }: GenerateReply, tail: JsonObject): JsonObject {
  const safetyRatings = SAFE.map((name, index) => ({
    category: `HARM_CATEGORY_${name}`,
    probability: index === 1 ? 'HIGH' : 'NEGLIGIBLE',
  }));
  const usageMetadata = writeUsage(prompt, { shown: 0, thought: 0 });
  return { promptFeedback: { blockReason: 'SAFETY', safetyRatings }, usageMetadata, ...tail };
}

function tailOf({ ask }: GenerateReply): JsonObject {
  return { modelVersion: ask.model, responseId: randomId('', 22) };
}

/** Counts of nothing are absent, and thoughts are not among the candidates' tokens. */
function writeUsage(
  { total, read }: PromptTokens,
  { shown, thought: thoughts }: { shown: number; thought: number },
): JsonObject {
  const byModality = (tokenCount: number) => [{ modality: 'TEXT', tokenCount }];
  return {
    promptTokenCount: total,
    ...(shown > 0 ? { candidatesTokenCount: shown } : {}),
    totalTokenCount: total + shown + thoughts,
    ...(read > 0 ? { cachedContentTokenCount: read, cacheTokensDetails: byModality(read) } : {}),
    promptTokensDetails: byModality(total),
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
  };
}

const visible = ({ visibleTokens }: Answer) => visibleTokens;
const thought = ({ thinkingTokens }: Answer) => thinkingTokens;

function sumOf(answers: readonly Answer[], count: (answer: Answer) => number): number {
  return answers.reduce((sum, answer) => sum + count(answer), 0);
}
