import { collect, textOf } from '../../src/chat/reply.ts';
import { promptTokens } from '../../src/chat/usage.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import type { Dialect, Target } from '../../src/dialects/dialect.ts';
import { googleGenerate } from '../../src/dialects/google-generate/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { createSseParser } from '../../src/lib/sse.ts';
import { askedModel } from './catalogue-for.ts';
import type { Recording } from './recordings.ts';
import { type Wire, witness } from './witness.ts';

/** What was checked of one recording: null = as it should be, a sentence otherwise. */
export interface Verdict {
  recording: Recording;
  wire: Wire;
  problem: string | null;
}

const DIALECTS: Record<string, Dialect> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'gemini-generate': googleGenerate,
  'gemini-stream': googleGenerate,
};

export const CHAT_DIALECTS = Object.keys(DIALECTS);

/** Recordings that by their nature are read otherwise than the witness reads them, with the reason. */
export const EXCEPTIONS: Record<string, string> = {
  'gemini-generate-050':
    'Google made and answered the call itself (a remote MCP server), so it is not the client’s to make.',
  'gemini-stream-023':
    'Google made and answered the call itself (a remote MCP server), so it is not the client’s to make.',
};

/** Recorded requests that the gateway refuses, with the reason. */
export const REFUSED: Record<string, string> = {
  'openai-responses-024':
    'The answer is to be fetched later from the provider, so the gateway would never see what it cost. As a stream it is taken.',
  'openai-responses-135':
    'The request names a stored prompt and no model, so the gateway cannot know who answers or what it costs.',
};

const WIRES: Record<string, Wire> = {
  'openai-chat': 'openai-chat',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic-messages',
  'gemini-generate': 'google-generate',
  'gemini-stream': 'google-generate',
};

/** Holds one recording against its dialect: the request comes back without loss, the reply is folded as a witness reads it. */
export function judge(recording: Recording): Verdict {
  const dialect = DIALECTS[recording.dialect];
  const wire = WIRES[recording.dialect];
  if (!dialect || !wire) throw new Error(`there is no dialect for ${recording.id}`);
  const problem = judgeRequest(dialect, recording) ?? judgeReply(dialect, wire, recording);
  return { recording, wire, problem };
}

function judgeRequest(dialect: Dialect, recording: Recording): string | null {
  const { request, response } = recording;
  if (request.method !== 'POST' || request.body === null || response.status >= 400 || REFUSED[recording.id])
    return null;
  // Only Google says in the URL whether it wants a stream.
  const streaming = request.path.includes('/models/') ? { stream: request.path.includes(':stream') } : {};
  const path = { model: askedModel(recording), ...streaming };
  const { original, stream } = dialect.parseRequest(request.body, path);
  const target: Target = {
    model: askedModel(recording),
    stream,
    maxOutputTokens: null,
    reasoning: { supported: true, required: false, efforts: [] },
  };
  const { stream_options: _ours, ...sent } = dialect.retarget(original.body, target);
  const { stream_options: _theirs, ...given } = request.body;
  return Bun.deepEquals(sent, given) ? null : 'the request changed on its way';
}

function judgeReply(dialect: Dialect, wire: Wire, { id, response }: Recording): string | null {
  if (response.status >= 400) {
    const error = dialect.parseError(response.status, response.body, new Headers(response.headers));
    return error.code === 'internal' ? 'the error was not understood' : null;
  }
  const { events, frames } = readEvents(dialect, response);
  const reply = collect(events);
  // A stream ends for us where it says that it failed; what some servers send after that says nothing more.
  if (reply.error) return /"error"|event: error/.test(response.stream ?? '') ? null : reply.error.message;
  if (frames !== null && frames !== response.stream) return 'frames were lost';
  if (EXCEPTIONS[id]) return null;

  const seen = witness(wire, response.stream ?? response.raw ?? JSON.stringify(response.body));
  const choice = reply.choices[0];
  if (textOf(choice) !== seen.text) return 'the text differs';
  const calls = (choice?.content ?? []).flatMap((part) => (part.type === 'tool-call' ? [part.name] : []));
  if (!Bun.deepEquals(calls, seen.calls)) return `the calls differ: ${calls} and ${seen.calls}`;
  const { cacheRead, output, reasoning } = reply.usage;
  const counts = { prompt: promptTokens(reply.usage), cacheRead, output, reasoning };
  if (seen.counts && !Bun.deepEquals(counts, seen.counts)) {
    return `the counts differ: ${JSON.stringify(counts)} and ${JSON.stringify(seen.counts)}`;
  }
  return null;
}

function readEvents(dialect: Dialect, response: Recording['response']) {
  if (response.raw !== undefined) return { events: readArray(dialect, response.raw), frames: null };
  if (response.stream === undefined) return { events: dialect.parseReply(response.body), frames: null };
  const sse = createSseParser();
  const parser = dialect.createStreamParser();
  const events = [...sse.push(response.stream), ...sse.end()].flatMap((message) => parser.parse(message));
  const frames = events.map((event) => event.raw?.frame ?? '').join('');
  return { events: events.at(-1)?.type === 'error' ? events : [...events, ...parser.end()], frames };
}

/** A stream that came as one JSON array: its elements are what would have been the frames. */
function readArray(dialect: Dialect, raw: string) {
  const parser = dialect.createStreamParser();
  const elements: unknown[] = JSON.parse(raw);
  const events = elements.flatMap((element) => {
    const data = JSON.stringify(element);
    return parser.parse({ kind: 'message', event: null, data, frame: `data: ${data}\r\n\r\n` });
  });
  return [...events, ...parser.end()];
}
