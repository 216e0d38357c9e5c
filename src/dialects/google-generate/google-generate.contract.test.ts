import { expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatEvent, StopReason } from '../../chat/event.ts';
import { type Choice, collect, textOf } from '../../chat/reply.ts';
import type { Message } from '../../chat/request.ts';
import { promptTokens } from '../../chat/usage.ts';
import type { ErrorCode } from '../../errors.ts';
import { createSseParser } from '../../lib/sse.ts';
import { createArrayFraming, googleGenerate } from './index.ts';

// Recordings belong to others and are read where they are; the test has nothing to do on a machine without them.
const FOLDER = join(import.meta.dir, '../../../../shared/wire/open');

interface Part {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  functionCall?: Call;
  function_call?: Call;
  functionResponse?: { name: string };
}

interface Call {
  name: string;
  args?: object;
  partialArgs?: { jsonPath: string; numberValue: number }[];
}

type Modalities = { modality: string; tokenCount: number }[];

interface WireUsage {
  promptTokenCount?: number;
  cachedContentTokenCount?: number;
  candidatesTokenCount?: number;
  thoughtsTokenCount?: number;
  toolUsePromptTokenCount?: number;
  totalTokenCount?: number;
  promptTokensDetails?: Modalities;
  cacheTokensDetails?: Modalities;
}

interface Chunk {
  error?: object;
  candidates?: { index?: number; finishReason?: string | number; content?: { parts?: Part[] } }[];
  usageMetadata?: WireUsage;
}

interface Recording {
  id: string;
  request: { path: string; body: { contents: { parts: Part[] }[] } };
  response: { status: number; headers: Record<string, string>; body?: Chunk; stream?: string; raw?: string };
}

interface Plain {
  text: string;
  thoughts: string;
  calls: { name: string; args: object }[];
  signatures: string[];
  finish: string | number;
}

const NO_REASONING = { supported: false, required: false, efforts: [] };

const EXPECTED_ERRORS: Record<string, ErrorCode> = {
  'gemini-generate-006': 'provider_model_missing',
  'gemini-generate-011': 'provider_overloaded',
  'gemini-generate-016': 'provider_auth',
  'gemini-generate-025': 'provider_auth',
  'gemini-generate-037': 'provider_auth',
  'gemini-generate-043': 'provider_model_missing',
  'gemini-generate-057': 'provider_rate_limited',
  'gemini-generate-065': 'context_too_long',
  'gemini-generate-102': 'provider_auth',
  'gemini-stream-012': 'provider_auth',
  'gemini-stream-032': 'provider_model_missing',
  'gemini-stream-035': 'provider_overloaded',
};

if (!existsSync(FOLDER)) console.log('Skipped: the recordings of the wire are not on this machine.');
const names = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
const recordings = names
  .filter((name) => /^gemini-(generate|stream)-\d+\.json$/.test(name))
  .map((name): Recording => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
const answered = recordings.filter(({ response }) => response.status < 400);
const refused = recordings.filter(({ response }) => response.status >= 400);
const broken = answered.filter(({ response }) => read(response).chunks.some((chunk) => chunk.error));
const whole = answered.filter((recording) => !broken.includes(recording));

test.each(answered.filter(({ request }) => request.body))(
  'the request of $id parses and is sent on as it was',
  (recording) => {
    const { path, body } = recording.request;
    const model = /models\/([^:/]+):/.exec(path)?.[1] ?? '';
    const before = structuredClone(body);
    const parsed = googleGenerate.parseRequest(body, { model, stream: path.includes('stream') });
    expect(parsed.model).toBe(model);
    expect(parsed.messages.length).toBe(body.contents.length);
    const target = { model, stream: true, maxOutputTokens: null, reasoning: NO_REASONING };
    expect(googleGenerate.retarget({ ...body }, target)).toEqual({ ...before });
    expect(body).toEqual(before);
    expect(callsIn(parsed.messages).map(({ name }) => name)).toEqual(namesOfWireCalls(body));
    expect(unmatchedResults(parsed.messages)).toEqual([]);
  },
);

test.each(refused)('the refusal $id is understood', ({ id, response }) => {
  const body = response.body ?? JSON.parse(response.stream ?? response.raw ?? 'null');
  const error = googleGenerate.parseError(response.status, body, new Headers(response.headers));
  expect(error.code).toBe(EXPECTED_ERRORS[id] ?? 'provider_rejected');
  expect(error.complaint !== undefined).toBe(/rejected|too_long|model_missing/.test(error.code));
});

test.each(whole)('the reply $id says what was recorded', ({ response }) => {
  const { events, chunks } = read(response);
  expect(events[0]?.type).toBe('start');
  expect(events.at(-1)?.type).toBe('finish');
  const reply = collect(events);
  const expected = readPlainly(chunks);
  expect(reply.choices.length).toBe(Math.max(expected.candidates.length, 1));
  for (const [i, candidate] of expected.candidates.entries()) expect(summarise(reply.choices[i]!)).toEqual(candidate);
  expect(reply.usage).toMatchObject(expected.usage);
  const total = promptTokens(reply.usage) + reply.usage.output + reply.usage.audioOutput;
  expect(total).toBe(expected.total ?? total);
});

test.each(broken)('the reply $id ends in an error', ({ response }) => {
  const { events } = read(response);
  expect(events.map(({ type }) => type).filter((type) => type === 'error' || type === 'finish')).toEqual(['error']);
  expect(events.at(-1)?.type).toBe('error');
});

test.each(answered.filter(({ response }) => response.stream))(
  'the frames of $id, joined, are its stream',
  ({ response }) => {
    const { events, chunks } = read(response);
    const frames = events.flatMap((event) => event.raw?.frame ?? []).join('');
    expect(frames).toBe(response.stream ?? '');
    const framing = createArrayFraming();
    expect(JSON.parse(framing.fromFrames(frames) + framing.end())).toEqual(chunks);
  },
);

function summarise(choice: Choice) {
  const calls = choice.content.filter((part) => part.type === 'tool-call');
  expect(new Set(calls.map((call) => call.id)).size).toBe(calls.length);
  return {
    text: textOf(choice),
    thoughts: choice.content.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
    calls: calls.map((call) => ({ name: call.name, args: JSON.parse(call.argumentsText) })),
    signatures: choice.content.flatMap((part) => ('signature' in part ? (part.signature?.value ?? []) : [])),
    reason: choice.reason,
  };
}

function read({ body, stream, raw }: Recording['response']): { events: ChatEvent[]; chunks: Chunk[] } {
  if (stream === undefined) {
    const value = body ?? JSON.parse(raw ?? 'null');
    return { events: googleGenerate.parseReply(value), chunks: [value].flat() };
  }
  const sse = createSseParser();
  const parser = googleGenerate.createStreamParser();
  const events: ChatEvent[] = [];
  for (let at = 0, size = 1; at < stream.length; at += size, size = (size * 7 + 3) % 97 || 1) {
    for (const message of sse.push(stream.slice(at, at + size))) events.push(...parser.parse(message));
  }
  for (const message of sse.end()) events.push(...parser.parse(message));
  events.push(...parser.end());
  const chunks = stream.split(/\r?\n\r?\n/).filter((frame) => frame.trim() !== '');
  return { events, chunks: chunks.map((frame) => JSON.parse(frame.replace(/^data: /, ''))) };
}

/** The same facts, taken from the recording without the code under test. */
function readPlainly(chunks: Chunk[]) {
  const candidates: Plain[] = [];
  for (const wire of chunks.flatMap((chunk) => chunk.candidates ?? [])) {
    candidates[wire.index ?? 0] ??= { text: '', thoughts: '', calls: [], signatures: [], finish: '' };
    const candidate = candidates[wire.index ?? 0]!;
    for (const part of wire.content?.parts ?? []) addPart(candidate, part);
    candidate.finish = wire.finishReason ?? candidate.finish;
  }
  const usage = chunks.findLast((chunk) => chunk.usageMetadata)?.usageMetadata ?? {};
  return { candidates: candidates.map(withReason), usage: plainUsage(usage), total: usage.totalTokenCount };
}

function addPart(candidate: Plain, part: Part): void {
  const hasWord = part.text !== undefined || part.functionCall !== undefined;
  if (part.thoughtSignature && hasWord) candidate.signatures.push(part.thoughtSignature);
  if (part.text !== undefined) candidate[part.thought ? 'thoughts' : 'text'] += part.text;
  if (part.functionCall) {
    const { name, args, partialArgs } = part.functionCall;
    const pieces = (partialArgs ?? []).map((piece) => [piece.jsonPath.slice(2), piece.numberValue]);
    candidate.calls.push({ name, args: args ?? Object.fromEntries(pieces) });
  }
  if (part.functionResponse) {
    const answered = candidate.calls.findIndex((call) => call.name === part.functionResponse?.name);
    candidate.calls.splice(answered, 1);
  }
}

function withReason({ finish, ...rest }: Plain) {
  const plain: Record<string, string> = { STOP: 'stop', 1: 'stop', MAX_TOKENS: 'length', OTHER: 'other' };
  const reason = finish === 'UNEXPECTED_TOOL_CALL' ? 'stop' : (plain[finish] ?? 'content-filter');
  return { ...rest, reason: (reason === 'stop' && rest.calls.length > 0 ? 'tool-calls' : reason) as StopReason };
}

function plainUsage(usage: WireUsage) {
  const audioOf = (details: Modalities = []) => details.find(({ modality }) => modality === 'AUDIO')?.tokenCount ?? 0;
  const cacheRead = usage.cachedContentTokenCount ?? 0;
  const audioInput = audioOf(usage.promptTokensDetails) - audioOf(usage.cacheTokensDetails);
  return {
    input: (usage.promptTokenCount ?? 0) - cacheRead - audioInput + (usage.toolUsePromptTokenCount ?? 0),
    cacheRead,
    audioInput,
    output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    reasoning: usage.thoughtsTokenCount ?? 0,
  };
}

function callsIn(messages: Message[]) {
  const parts = messages.flatMap((message): Message['content'][number][] => message.content);
  return parts.filter((part) => part.type === 'tool-call');
}

function namesOfWireCalls(body: Recording['request']['body']): string[] {
  const parts = body.contents.flatMap((content) => content.parts);
  return parts.flatMap((part) => (part.functionCall ?? part.function_call)?.name ?? []);
}

function unmatchedResults(messages: Message[]): string[] {
  const ids = new Set(callsIn(messages).map(({ id }) => id));
  const parts = messages.flatMap((message): Message['content'][number][] => message.content);
  const results = parts.filter((part) => part.type === 'tool-result');
  return results.map(({ callId }) => callId).filter((id) => !ids.has(id));
}
