import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatEvent } from '../../chat/event.ts';
import { type ChatReply, collect, textOf } from '../../chat/reply.ts';
import type { JsonObject } from '../../lib/json.ts';
import { anthropicMessages } from './index.ts';
import { parseStreamText, renderContext, renderStreamText } from './test-conversation.ts';

/** Recorded exchanges, kept beside the project where there are any. */
const RECORDINGS = join(import.meta.dir, '../../../../shared/wire/open');

interface Recording {
  id: string;
  request: { body: RequestBody | null; headers: Record<string, string> };
  response: { status: number; headers: Record<string, string>; body?: unknown; stream?: string };
}
type RequestBody = JsonObject & {
  model: string;
  max_tokens: number;
  messages: { content: unknown }[];
  tools?: unknown[];
};
interface Block {
  type: string;
  text: string;
  thinking: string;
  signature?: string;
  data?: string;
  id: string;
  name: string;
  input: unknown;
}
interface Message {
  content: Block[];
  stop_reason: string;
  stop_sequence: string | null;
  usage: Record<string, number> & { output_tokens_details?: { thinking_tokens: number } | null } & {
    iterations?: { type: string; input_tokens: number; output_tokens: number }[] | null;
  };
}

/** What an answer says, read by other means than the dialect. */
interface Gist {
  text: string;
  thoughts: string;
  secrets: string[];
  calls: { id: string; name: string; input: unknown }[];
  reason: string;
  stopSequence: string | null;
  usage: Record<string, number>;
}

const REASONS: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  tool_use: 'tool-calls',
  refusal: 'refusal',
  pause_turn: 'pause',
  model_context_window_exceeded: 'context-full',
};

/** Rebuilds the message of a stream the way the vendor describes it, so that one reader serves both forms. */
function messageOf(stream: string): Message {
  let message: Message | undefined;
  const inputs: Record<number, string> = {};
  for (const line of stream.split(/\r?\n/)) {
    if (!line.startsWith('data:')) continue;
    const event = JSON.parse(line.slice(5));
    if (event.type === 'message_start') message = event.message;
    if (!message) continue;
    if (event.type === 'content_block_start') message.content[event.index] = event.content_block;
    if (event.type === 'message_delta') {
      Object.assign(message, event.delta);
      for (const [key, value] of Object.entries(event.usage)) {
        if (value !== null) message.usage[key] = value as number;
      }
    }
    if (event.type !== 'content_block_delta') continue;
    const block = message.content[event.index]!;
    const { delta } = event;
    if (delta.text) block.text += delta.text;
    if (delta.thinking) block.thinking += delta.thinking;
    if (delta.signature) block.signature = delta.signature;
    if (delta.partial_json !== undefined) {
      inputs[event.index] = (inputs[event.index] ?? '') + delta.partial_json;
      if (inputs[event.index]) block.input = inputs[event.index];
    }
  }
  if (!message) throw new Error('the recorded stream has no message');
  return message;
}

function gistOfMessage(message: Message): Gist {
  const of = (type: string) => message.content.filter((block) => block.type === type);
  const { usage } = message;
  // The counts outside leave out the summaries that were made on the way, which are billed like everything else.
  const summaries = (usage.iterations ?? []).filter(({ type }) => type === 'compaction');
  const sum = (key: 'input_tokens' | 'output_tokens') =>
    summaries.reduce((total, leg) => total + leg[key], usage[key] ?? 0);
  return {
    text: of('text')
      .map((block) => block.text)
      .join(''),
    thoughts: of('thinking')
      .map((block) => block.thinking)
      .join(''),
    secrets: message.content.flatMap((block) => block.signature ?? block.data ?? []),
    calls: of('tool_use').map(({ id, name, input }) => ({
      id,
      name,
      input: typeof input === 'string' ? JSON.parse(input) : input,
    })),
    reason: REASONS[message.stop_reason] ?? 'other',
    stopSequence: message.stop_sequence,
    usage: {
      input: sum('input_tokens'),
      cacheRead: usage.cache_read_input_tokens ?? 0,
      cacheWrites: usage.cache_creation_input_tokens ?? 0,
      output: sum('output_tokens'),
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
  };
}

function gistOfReply(reply: ChatReply): Gist {
  const choice = reply.choices[0]!;
  const { usage } = reply;
  const reasoning = choice.content.flatMap((part) => (part.type === 'reasoning' ? [part] : []));
  return {
    text: textOf(choice),
    thoughts: reasoning.map((part) => part.text).join(''),
    secrets: reasoning.flatMap((part) => part.signature?.value ?? part.redacted?.value ?? []),
    calls: choice.content.flatMap((part) =>
      part.type === 'tool-call' ? [{ id: part.id, name: part.name, input: JSON.parse(part.argumentsText) }] : [],
    ),
    reason: choice.reason,
    stopSequence: choice.stopSequence ?? null,
    usage: {
      input: usage.input,
      cacheRead: usage.cacheRead,
      cacheWrites: usage.cacheWriteShort + usage.cacheWriteLong,
      output: usage.output,
      reasoning: usage.reasoning,
    },
  };
}

function eventsOf({ response }: Recording): ChatEvent[] {
  if (response.stream !== undefined) return parseStreamText(response.stream, 37);
  return anthropicMessages.parseReply(response.body);
}

function load(): Recording[] {
  if (!existsSync(RECORDINGS)) {
    console.log('Skipped: recorded exchanges of the Messages API, because there are none beside this checkout.');
    return [];
  }
  return readdirSync(RECORDINGS)
    .filter((name) => name.startsWith('anthropic-messages-'))
    .map((name) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')));
}

const recordings = load();
const isOk = ({ response }: Recording) => response.status < 300;
const broke = ({ response }: Recording) => response.stream?.includes('event: error') ?? false;
const named = (list: Recording[]): [string, Recording][] => list.map((recording) => [recording.id, recording]);

describe.skipIf(recordings.length === 0)('recorded exchanges', () => {
  test.each(named(recordings.filter((one) => isOk(one) && one.request.body)))('%s: the request', (_id, { request }) => {
    const body = request.body!;
    const parsed = anthropicMessages.parseRequest(body, { headers: request.headers });
    expect(parsed.maxOutputTokens).toBe(body.max_tokens);
    expect(parsed.messages).toHaveLength(body.messages.length);
    expect(parsed.tools).toHaveLength(body.tools?.length ?? 0);
    for (const [index, message] of parsed.messages.entries()) {
      const content = body.messages[index]?.content;
      if (message.role === 'system' || !Array.isArray(content)) continue;
      expect(message.content).toHaveLength(content.length);
    }
    const reasoning = { supported: true, required: false, efforts: [] };
    const target = { model: body.model, stream: body.stream === true, maxOutputTokens: null, reasoning };
    expect(anthropicMessages.retarget(body, target)).toEqual(body);
    expect(anthropicMessages.renderRequest(parsed, target).body.model).toBe(body.model);
  });

  test.each(named(recordings.filter((one) => isOk(one) && !broke(one))))('%s: the reply', (_id, recording) => {
    const { stream, body } = recording.response;
    const events = eventsOf(recording);
    const reply = collect(events);
    const expected = gistOfMessage(stream === undefined ? (body as Message) : messageOf(stream));
    expect(events[0]?.type).toBe('start');
    expect(events.at(-1)?.type).toBe('finish');
    expect(gistOfReply(reply)).toEqual(expected);

    // What we make of it for a client says the same.
    const context = renderContext();
    expect(gistOfReply(collect(anthropicMessages.parseReply(anthropicMessages.renderReply(reply, context))))).toEqual(
      expected,
    );
    expect(gistOfReply(collect(parseStreamText(renderStreamText(events))))).toEqual(expected);
  });

  test.each(named(recordings.filter((one) => one.response.stream !== undefined)))(
    '%s: the frames',
    (_id, recording) => {
      const frames = eventsOf(recording).flatMap((event) => event.raw?.frame ?? []);
      expect(frames.join('')).toBe(recording.response.stream!);
    },
  );

  test.each(named(recordings.filter(broke)))('%s: the error in the stream', (_id, recording) => {
    expect(eventsOf(recording).at(-1)).toMatchObject({ type: 'error' });
  });

  test.each(named(recordings.filter((one) => !isOk(one))))('%s: the error', (_id, { response }) => {
    const { status } = response;
    const body = response.body as JsonObject & { error: { message: string } };
    const error = anthropicMessages.parseError(status, body, new Headers(response.headers));
    const isComplaint = ['provider_rejected', 'context_too_long', 'provider_model_missing'].includes(error.code);
    expect(isComplaint).toBe([400, 404, 413].includes(status) && !/credit balance/.test(body.error.message));
    const rendered = anthropicMessages.renderError(error, 'req_1');
    if (isComplaint) expect(rendered).toMatchObject({ status, body });
    else expect(JSON.stringify(rendered)).not.toContain(body.error.message);
    if (response.headers['retry-after']) expect(error.retryAfterSeconds).toBe(Number(response.headers['retry-after']));
  });
});
