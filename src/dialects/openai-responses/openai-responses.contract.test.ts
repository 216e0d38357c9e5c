import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatEvent } from '../../chat/event.ts';
import { type ChatReply, collect } from '../../chat/reply.ts';
import { promptTokens } from '../../chat/usage.ts';
import { createSseParser } from '../../lib/sse.ts';
import { reasoner, target } from '../openai-common/test-requests.ts';
import { openaiResponses } from './index.ts';

const RECORDINGS = join(import.meta.dir, '../../../../shared/wire/open');

// biome-ignore lint/suspicious/noExplicitAny: recordings are read here without the schemas under test.
type Json = any;

interface Recording {
  id: string;
  request: { method: string; path: string; body: Json };
  response: { status: number; headers: Record<string, string>; body?: Json; stream?: string };
}

/** What a reply says, read from the wire by the few lines below and by nothing of the dialect's. */
interface Told {
  text: string;
  refusal: string;
  thoughts: string;
  sealed: [id: string, sealed: string][];
  calls: [id: string, name: string, text: string][];
  citations: number;
  logprobs: number;
}

const recordings = loadRecordings();

function loadRecordings(): Recording[] {
  if (!existsSync(RECORDINGS)) {
    console.log('Skipped: recorded Responses are not part of this repository and are not beside it.');
    return [];
  }
  const names = readdirSync(RECORDINGS).filter((name) => name.startsWith('openai-responses-'));
  return names.map((name) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')));
}

const byName = <T extends Recording>(list: T[]) => list.map((recording) => [recording.id, recording] as const);

function messagesOf(stream: string): Json[] {
  const data = stream.split('\n').filter((line) => line.startsWith('data: {'));
  return data.map((line) => JSON.parse(line.slice('data: '.length)));
}

function readItems(items: Json[]): Told {
  const joined = (parts: Json[] = []) => parts.map((part) => part.text).join('\n\n');
  const told: Told = { text: '', refusal: '', thoughts: '', sealed: [], calls: [], citations: 0, logprobs: 0 };
  for (const item of items) {
    if (item.type === 'function_call') told.calls.push([item.call_id, item.name, item.arguments || '{}']);
    if (item.type === 'custom_tool_call') told.calls.push([item.call_id, item.name, item.input]);
    if (item.type === 'reasoning') {
      told.thoughts += joined(item.summary) || joined(item.content);
      if (item.encrypted_content) told.sealed.push([item.id, item.encrypted_content]);
    }
    for (const part of item.type === 'message' && item.role === 'assistant' ? item.content : []) {
      told.text += part.text ?? '';
      told.refusal += part.refusal ?? '';
      told.citations += part.annotations?.length ?? 0;
      told.logprobs += part.logprobs?.length ?? 0;
    }
  }
  return told;
}

/** The fragments alone, without the whole items that repeat them. */
function readFragments(messages: Json[]): Pick<Told, 'text' | 'refusal' | 'thoughts'> {
  const of = (...types: string[]) =>
    messages.map((message) => (types.includes(message.type) ? message.delta : '')).join('');
  return {
    text: of('response.output_text.delta'),
    refusal: of('response.refusal.delta'),
    thoughts: of('response.reasoning_summary_text.delta', 'response.reasoning_text.delta'),
  };
}

/** Feeds the text in pieces of uneven length, as a network would. */
function parseStream(text: string): ChatEvent[] {
  const sse = createSseParser();
  const parser = openaiResponses.createStreamParser();
  const events: ChatEvent[] = [];
  let at = 0;
  for (let size = 1; at < text.length; size = (size * 7 + 3) % 97) {
    for (const message of sse.push(text.slice(at, at + size))) events.push(...parser.parse(message));
    at += size;
  }
  for (const message of sse.end()) events.push(...parser.parse(message));
  return [...events, ...parser.end()];
}

/**
 * `items` are those of the response, each as it was told: OpenAI seals thoughts anew when it repeats them at the end.
 */
function expectSame(events: ChatEvent[], response: Json, items: Json[] = response.output): void {
  const told = readItems(items);
  const reply = collect(events);
  expect(reply.error).toBeUndefined();
  expect(reply.id).toBe(response.id);
  expect(events.map((event) => event.type).filter((type) => type === 'start' || type === 'finish')).toEqual([
    'start',
    'finish',
  ]);
  expect(reply.choices).toHaveLength(1);
  const { content, logprobs, reason } = reply.choices[0]!;
  const only = <T extends string>(type: T) => content.filter((part) => part.type === type) as Json[];
  const joined = (type: string) =>
    only(type)
      .map((part) => part.text)
      .join('');
  expect(joined('text')).toBe(told.text);
  expect(joined('refusal')).toBe(told.refusal);
  expect(joined('reasoning')).toBe(told.thoughts);
  const sealed = only('reasoning').flatMap((part) => (part.redacted ? [JSON.parse(part.redacted.value)] : []));
  expect(sealed.filter((one) => one.encrypted_content).map((one) => [one.id, one.encrypted_content])).toEqual(
    told.sealed,
  );
  expect(only('tool-call').map((part) => [part.id, part.name, part.argumentsText])).toEqual(told.calls);
  expect(only('text').flatMap((part) => part.citations ?? [])).toHaveLength(told.citations);
  expect(logprobs).toHaveLength(told.logprobs);
  const ends: Record<string, string> = { max_output_tokens: 'length', content_filter: 'content-filter' };
  const whole = told.calls.length > 0 ? 'tool-calls' : told.refusal ? 'refusal' : 'stop';
  const said = response.status === 'completed' ? whole : (ends[response.incomplete_details?.reason] ?? 'other');
  expect<string>(reason).toBe(response.object === 'response' ? said : 'other');
  expectSameUsage(events, response);
}

function expectSameUsage(events: ChatEvent[], { usage: wire, service_tier }: Json): void {
  const { usage } = collect(events);
  const cached = wire?.input_tokens_details?.cached_tokens ?? 0;
  const written = wire?.input_tokens_details?.cache_write_tokens ?? 0;
  expect(promptTokens(usage)).toBe(wire?.input_tokens ?? 0);
  expect(usage.input).toBe((wire?.input_tokens ?? 0) - cached - written);
  expect([usage.cacheRead, usage.cacheWriteShort]).toEqual([cached, written]);
  expect(usage.output).toBe(wire?.output_tokens ?? 0);
  expect(usage.reasoning).toBe(wire?.output_tokens_details?.reasoning_tokens ?? 0);
  expect(usage.serviceTier).toBe(service_tier);
}

/** A reply without what OpenAI says anew, or with other digits, when it repeats a stream at its end. */
function withoutChance(reply: ChatReply): Json {
  return JSON.parse(JSON.stringify(reply), (key, value) => (['redacted', 'logprob'].includes(key) ? 'any' : value));
}

describe.skipIf(recordings.length === 0)('recorded Responses', () => {
  const good = recordings.filter(({ response }) => response.status < 300);
  const asked = good.filter(({ request }) => request.body?.model);

  test.each(byName(asked))('%s: the request is understood, and can be sent on', (_id, { request: { body } }) => {
    const parsed = openaiResponses.parseRequest(body, {});
    expect(parsed.model).toBe(body.model);
    expect(parsed.stream).toBe(body.stream === true);
    expect(parsed.original.body).toEqual(body);
    const sent = openaiResponses.retarget(body, target({ model: body.model, stream: body.stream === true }));
    expect(sent).toEqual(body);
    expect(Object.keys(sent)).toEqual(Object.keys(body));
    expect(sent.input).toBe(body.input);
  });

  test.each(byName(asked))('%s: the request survives being written in our words', (_id, { request: { body } }) => {
    const first = openaiResponses.parseRequest(body, {});
    const { body: written, dropped } = openaiResponses.renderRequest(first, {
      ...reasoner(),
      stream: body.stream === true,
    });
    expect(dropped).toEqual([]);
    const second = openaiResponses.parseRequest(written, {});
    const { original: _first, ...expected } = first;
    const { original: _second, ...got } = second;
    expect(got).toEqual({ ...expected, model: 'gpt-x' });
    for (const item of Array.isArray(body.input) ? body.input : []) {
      const id = item.id ?? item.call_id;
      if (id && item.role !== 'system') expect(JSON.stringify(written.input)).toContain(`"${id}"`);
      if (item.encrypted_content) expect(JSON.stringify(written.input)).toContain(item.encrypted_content);
    }
  });

  test.each(byName(good.filter(({ request }) => request.body && !request.body.model)))(
    '%s: a stored prompt does not say for which model we are to look',
    (_id, { request: { body } }) => {
      expect(body.prompt).toBeDefined();
      expect(() => openaiResponses.parseRequest(body, {})).toThrow(expect.objectContaining({ param: 'model' }));
      expect(openaiResponses.parseRequest(body, { model: 'gpt-x' }).messages).toEqual([]);
    },
  );

  const bodies = good.filter(({ response }) => response.stream === undefined);
  test.each(byName(bodies))('%s: the body says the same', (_id, { response }) => {
    expectSame(openaiResponses.parseReply(response.body), response.body);
  });

  const streams = good.flatMap((recording) => {
    const { stream } = recording.response;
    return stream === undefined ? [] : [[recording.id, stream] as const];
  });
  test.each(streams)('%s: the stream says the same, and every byte of it can be sent on', (_id, stream) => {
    const events = parseStream(stream);
    expect(events.map((event) => event.raw?.frame ?? '').join('')).toBe(stream);
    const messages = messagesOf(stream);
    const last = messages.at(-1);
    if (last.type === 'response.failed') {
      expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_quota' } });
      return;
    }
    const items = messages.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    expectSame(events, last.response, items);
    const { text, refusal, thoughts } = readFragments(messages);
    const told = readItems(items);
    expect([text, refusal, thoughts]).toEqual([told.text, told.refusal, told.thoughts.replaceAll('\n\n**', '**')]);
    expect(withoutChance(collect(events))).toEqual(withoutChance(collect(openaiResponses.parseReply(last.response))));
  });

  const failures = recordings.filter(({ response }) => response.status >= 400);
  test.each(byName(failures))('%s: the error is classified', (_id, { response: { status, body, headers } }) => {
    const error = openaiResponses.parseError(status, body, new Headers(headers));
    const codes: Record<string, string> = {
      context_length_exceeded: 'context_too_long',
      model_not_found: 'provider_model_missing',
      invalid_api_key: 'provider_auth',
      insufficient_quota: 'provider_quota',
      server_error: 'provider_failed',
    };
    expect<string>(error.code).toBe(codes[body.error.code] ?? 'provider_rejected');
    const isPassedOn = status === 400;
    expect(error.message === body.error.message).toBe(isPassedOn);
    const rendered = openaiResponses.renderError(error, 'req_1');
    if (isPassedOn) expect(rendered).toMatchObject({ status, body });
    else expect(JSON.stringify(rendered)).not.toContain(body.error.message);
  });
});
