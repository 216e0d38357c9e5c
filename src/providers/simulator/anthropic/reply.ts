import type { JsonObject } from '../../../lib/json.ts';
import { tryParseJson } from '../../../lib/json.ts';
import { randomId } from '../ids.ts';
import { splitText } from '../manner.ts';
import type { PromptTokens } from '../prompt-memory.ts';
import { objectOf } from '../read.ts';
import type { Ask } from '../script/ask.ts';
import type { Answer } from '../script/script.ts';
import { signThoughts } from '../signature.ts';

interface MessageReply {
  ask: Ask;
  answer: Answer;
  prompt: PromptTokens;
  chunks: number | null;
}

/** What a message says before it has begun; Anthropic's own placeholder is just as meaningless. */
const OUTPUT_AT_START = 1;

/** The body of a message: https://docs.claude.com/en/api/messages */
export function writeMessage(reply: MessageReply): JsonObject {
  return {
    ...headOf(reply),
    content: blocksOfAnswer(reply).map(({ block }) => block),
    ...stopOf(reply.answer),
    usage: writeUsage(reply),
  };
}

/** The frames of the same as a stream: https://docs.claude.com/en/docs/build-with-claude/streaming */
export function writeMessageFrames(reply: MessageReply): string[] {
  const { prompt, answer } = reply;
  const start = { ...headOf(reply), content: [], stop_reason: null, stop_sequence: null };
  const blocks = blocksOfAnswer(reply).flatMap(({ opening, deltas }, index) => [
    { type: 'content_block_start', index, content_block: opening },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]);
  const events = [
    { type: 'message_start', message: { ...start, usage: usageAtStart(prompt) } },
    ...blocks.slice(0, 1),
    { type: 'ping' },
    ...blocks.slice(1),
    { type: 'message_delta', delta: stopOf(answer), usage: { ...countsOf(prompt), ...outputOf(answer) } },
    { type: 'message_stop' },
  ];
  return events.map((event, at) => writeEvent(event, at));
}

/** Anthropic fills its events up with spaces inside the JSON. */
export function writeEvent(event: JsonObject & { type: string }, at: number): string {
  const padding = ' '.repeat((at * 5) % 13);
  return `event: ${event.type}\ndata: ${JSON.stringify(event).slice(0, -1)}${padding}}\n\n`;
}

function headOf({ ask }: MessageReply): JsonObject {
  return { model: ask.model, id: randomId('msg_01', 22), type: 'message', role: 'assistant' };
}

interface Block {
  block: JsonObject;
  /** The block as a stream begins it, and what then fills it. */
  opening: JsonObject;
  deltas: JsonObject[];
}

function blocksOfAnswer({ answer, chunks }: MessageReply): Block[] {
  const { thoughts, thinkingTokens, text, calls } = answer;
  const blocks: Block[] = [];
  if (thinkingTokens > 0) blocks.push(thinkingBlock(thoughts, chunks));
  if (text !== '') {
    const deltas = splitText(text, chunks).map((piece) => ({ type: 'text_delta', text: piece }));
    blocks.push({ block: { type: 'text', text }, opening: { type: 'text', text: '' }, deltas });
  }
  for (const { name, argumentsText } of calls) {
    const opening = { type: 'tool_use', id: randomId('toolu_01', 22), name, input: {} };
    const pieces = ['', ...splitText(argumentsText, null)];
    const deltas = pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
    blocks.push({ block: { ...opening, input: objectOf(tryParseJson(argumentsText)) }, opening, deltas });
  }
  return blocks;
}

/** Thoughts that are not shown still leave their signature, in a block without text. */
function thinkingBlock(thoughts: string, chunks: number | null): Block {
  const signature = signThoughts('anthropic', thoughts);
  return {
    block: { type: 'thinking', thinking: thoughts, signature },
    opening: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...splitText(thoughts, chunks).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
      { type: 'signature_delta', signature },
    ],
  };
}

function stopOf({ ending, stopSequence }: Answer): JsonObject {
  const reason = {
    stop: 'end_turn',
    'stop-sequence': 'stop_sequence',
    length: 'max_tokens',
    'tool-calls': 'tool_use',
    refusal: 'refusal',
  }[ending];
  const stop = { stop_reason: reason, stop_sequence: stopSequence };
  if (ending !== 'refusal') return stop;
  const explanation = 'The simulator was asked to refuse this request.';
  return { ...stop, stop_details: { type: 'refusal', category: null, explanation } };
}

function writeUsage({ prompt, answer }: MessageReply): JsonObject {
  return { ...usageAtStart(prompt), ...outputOf(answer) };
}

function usageAtStart(prompt: PromptTokens): JsonObject {
  return {
    ...countsOf(prompt),
    cache_creation: { ephemeral_5m_input_tokens: prompt.writtenShort, ephemeral_1h_input_tokens: prompt.writtenLong },
    output_tokens: OUTPUT_AT_START,
    service_tier: 'standard',
  };
}

/** Here `input_tokens` is only what was neither read from the cache nor written to it. */
function countsOf({ total, read, writtenShort, writtenLong }: PromptTokens): JsonObject {
  return {
    input_tokens: total - read - writtenShort - writtenLong,
    cache_creation_input_tokens: writtenShort + writtenLong,
    cache_read_input_tokens: read,
  };
}

function outputOf({ thinkingTokens, visibleTokens }: Answer): JsonObject {
  const details = thinkingTokens > 0 ? { output_tokens_details: { thinking_tokens: thinkingTokens } } : {};
  return { output_tokens: thinkingTokens + visibleTokens, ...details };
}
