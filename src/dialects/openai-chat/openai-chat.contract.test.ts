import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatEvent } from '../../chat/event.ts';
import { collect, textOf } from '../../chat/reply.ts';
import { promptTokens } from '../../chat/usage.ts';
import { createSseParser } from '../../lib/sse.ts';
import type { Target } from '../dialect.ts';
import { openaiChat } from './index.ts';

const RECORDINGS = join(import.meta.dir, '../../../../shared/wire/open');

// biome-ignore lint/suspicious/noExplicitAny: recordings are read here without the schemas under test.
type Json = any;

interface Recording {
  id: string;
  request: { body: Json };
  response: { status: number; headers: Record<string, string>; body?: Json; stream?: string };
}

/** What a reply says, read from the wire by the few lines below and by nothing of the dialect's. */
interface Told {
  texts: string[];
  refusals: string[];
  thoughts: string[];
  calls: [name: string, text: string][][];
  finish: string[];
  usage: Json;
}

const recordings = loadRecordings();

function loadRecordings(): Recording[] {
  if (!existsSync(RECORDINGS)) {
    console.log('Skipped: recorded Chat Completions are not part of this repository and are not beside it.');
    return [];
  }
  const names = readdirSync(RECORDINGS).filter((name) => name.startsWith('openai-chat-'));
  return names.map((name) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')));
}

function targetFor(body: Json): Target {
  const reasoning = { supported: false, required: false, efforts: [] };
  return { model: body.model, stream: body.stream === true, maxOutputTokens: null, reasoning };
}

function chunksOf(stream: string): Json[] {
  const data = stream.split('\n').filter((line) => line.startsWith('data: {'));
  return data.map((line) => JSON.parse(line.slice('data: '.length)));
}

function readWire({ body, stream }: Recording['response']): Told {
  const told: Told = { texts: [], refusals: [], thoughts: [], calls: [], finish: [], usage: undefined };
  for (const chunk of stream === undefined ? [body] : chunksOf(stream)) {
    told.usage = chunk.usage ?? told.usage;
    for (const choice of chunk.choices ?? []) {
      const { index } = choice;
      const message = choice.delta ?? choice.message ?? {};
      told.texts[index] = (told.texts[index] ?? '') + (message.content ?? '');
      told.refusals[index] = (told.refusals[index] ?? '') + (message.refusal ?? '');
      told.thoughts[index] = (told.thoughts[index] ?? '') + (message.reasoning_content ?? message.reasoning ?? '');
      if (choice.finish_reason) told.finish[index] = choice.finish_reason;
      told.calls[index] ??= [];
      const calls = message.function_call ? [{ function: message.function_call }] : (message.tool_calls ?? []);
      for (const [position, call] of calls.entries()) {
        const known = told.calls[index][call.index ?? position];
        if (known) known[1] += call.function.arguments ?? '';
        else told.calls[index][call.index ?? position] = [call.function.name, call.function.arguments ?? ''];
      }
    }
  }
  return told;
}

/** Feeds the text in pieces of uneven length, as a network would. */
function parseStream(text: string): ChatEvent[] {
  const sse = createSseParser();
  const parser = openaiChat.createStreamParser();
  const events: ChatEvent[] = [];
  let at = 0;
  for (let size = 1; at < text.length; size = (size * 7 + 3) % 97) {
    for (const message of sse.push(text.slice(at, at + size))) events.push(...parser.parse(message));
    at += size;
  }
  for (const message of sse.end()) events.push(...parser.parse(message));
  return [...events, ...parser.end()];
}

const REASONS: Record<string, string> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
};

function expectSame(events: ChatEvent[], told: Told): void {
  const reply = collect(events);
  expect(reply.error).toBeUndefined();
  expect(events.map((event) => event.type).filter((type) => type === 'finish')).toHaveLength(1);
  expect(reply.choices).toHaveLength(told.texts.length);
  for (const [index, choice] of reply.choices.entries()) {
    const only = <T extends string>(type: T) => choice.content.filter((part) => part.type === type) as Json[];
    const calls = told.calls[index] ?? [];
    expect(textOf(choice)).toBe(told.texts[index] ?? '');
    expect(
      only('refusal')
        .map((part) => part.text)
        .join(''),
    ).toBe(told.refusals[index] ?? '');
    expect(
      only('reasoning')
        .map((part) => part.text)
        .join(''),
    ).toBe(told.thoughts[index] ?? '');
    expect(only('tool-call').map((part) => [part.name, part.argumentsText])).toEqual(calls);
    const said = REASONS[told.finish[index] ?? ''] ?? 'other';
    const derived = calls.length > 0 ? 'tool-calls' : told.refusals[index] ? 'refusal' : said;
    expect<string>(choice.reason).toBe(said === 'stop' ? derived : said);
  }
  expectSameUsage(events, told.usage);
}

function expectSameUsage(events: ChatEvent[], wire: Json): void {
  const { usage } = collect(events);
  const total = wire?.total_tokens ?? 0;
  const prompt = wire?.prompt_tokens ?? 0;
  expect(promptTokens(usage)).toBe(prompt);
  expect(usage.output + usage.audioOutput).toBe(total - prompt);
  expect(usage.cacheRead).toBe(wire?.prompt_tokens_details?.cached_tokens ?? wire?.num_cached_tokens ?? 0);
  expect(usage.cacheWriteShort).toBe(wire?.prompt_tokens_details?.cache_write_tokens ?? 0);
  expect(usage.audioInput).toBe(wire?.prompt_tokens_details?.audio_tokens ?? 0);
  const hidden = total - prompt - (wire?.completion_tokens ?? 0);
  expect(usage.reasoning).toBe(wire?.completion_tokens_details?.reasoning_tokens ?? hidden);
}

describe.skipIf(recordings.length === 0)('recorded Chat Completions', () => {
  const good = recordings.filter(({ response }) => response.status < 300);

  test.each(good.map((recording) => [recording.id, recording] as const))(
    '%s: the request is understood',
    (_id, { request }) => {
      const parsed = openaiChat.parseRequest(request.body, {});
      expect(parsed.model).toBe(request.body.model);
      expect(parsed.stream).toBe(request.body.stream === true);
      expect(parsed.original.body).toEqual(request.body);
      const asked = { ...request.body.stream_options, include_usage: true };
      const expected = request.body.stream ? { ...request.body, stream_options: asked } : request.body;
      const sent = openaiChat.retarget(request.body, targetFor(request.body));
      expect(sent).toEqual(expected);
      expect(Object.keys(sent).slice(0, Object.keys(request.body).length)).toEqual(Object.keys(request.body));
    },
  );

  const bodies = good.filter(({ response }) => response.stream === undefined);
  test.each(bodies.map((recording) => [recording.id, recording] as const))(
    '%s: the body says the same',
    (_id, { response }) => {
      expectSame(openaiChat.parseReply(response.body), readWire(response));
    },
  );

  const streams = good.flatMap((recording) => {
    const { stream } = recording.response;
    return stream === undefined ? [] : [[recording.id, recording, stream] as const];
  });

  test.each(streams)(
    '%s: the stream says the same, and every byte of it can be sent on',
    (_id, { response }, stream) => {
      const events = parseStream(stream);
      const frames = events.map((event) => event.raw?.frame ?? '').join('');
      if (!stream.includes('data: {"error"')) {
        expectSame(events, readWire(response));
        expect(frames).toBe(stream);
        return;
      }
      expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_failed' } });
      expect(stream.startsWith(frames)).toBe(true);
    },
  );

  const failures = recordings.filter(({ response }) => response.status >= 400);
  test.each(failures.map((recording) => [recording.id, recording] as const))(
    '%s: the error is classified',
    (_id, { response }) => {
      const { status, body, headers } = response;
      const error = openaiChat.parseError(status, body, new Headers(headers));
      const codes: Record<number, string[]> = {
        400: ['provider_rejected', 'context_too_long'],
        401: ['provider_auth'],
        404: ['provider_model_missing'],
        429: ['provider_rate_limited', 'provider_quota'],
      };
      expect(codes[status] ?? ['provider_failed', 'provider_overloaded']).toContain(error.code);
      const isPassedOn = status === 400 || status === 404;
      expect(error.message === body.error.message).toBe(isPassedOn);
      const rendered = openaiChat.renderError(error, 'req_1');
      if (isPassedOn) expect(rendered).toMatchObject({ status, body });
      else expect(JSON.stringify(rendered)).not.toContain(body.error.message);
    },
  );
});
