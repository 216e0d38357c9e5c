import { type ChatReply, collect } from '../../src/chat/reply.ts';
import { isJsonObject, tryParseJson } from '../../src/lib/json.ts';
import { createSseParser, type SseMessage } from '../../src/lib/sse.ts';
import type { HostileCase } from './cases.ts';
import { DIALECTS } from './dialects.ts';
import type { WireId } from './fixtures/index.ts';
import { BODIES, ERRORS, MESSAGES, STREAM_ERRORS } from './legal-shapes.ts';

export interface Heard {
  status: number;
  contentType: string;
  text: string;
}

/**
 * What is wrong with what a client was told; nothing where it is a legal message of the client's dialect, whole or ended by
 * an error in it. Between equal dialects the provider's own words go through, strange ones too, so there it is only asked
 * that a client can read them and learns how they end.
 */
export function complaintAbout(asked: HostileCase, heard: Heard): string | null {
  const { client, stream } = asked;
  if (heard.status >= 400) return complaintAboutError(asked, heard);
  if (heard.status !== 200) return `status ${heard.status}`;
  if (stream) return complaintAboutStream(asked, heard);

  const body = tryParseJson(heard.text);
  if (!isJsonObject(body)) return 'the body is not a JSON object';
  const reply = collect(DIALECTS[client].parseReply(body));
  if (reply.error) return `the body reads as the error ${reply.error.code}`;
  return client === asked.provider ? null : mismatch(BODIES[client], body);
}

function complaintAboutError({ client, provider }: HostileCase, { status, text, contentType }: Heard): string | null {
  if (status === 500) return 'status 500, which would be a bug of ours';
  if (status > 599) return `status ${status}`;
  if (!contentType.includes('json')) return `an error as ${contentType}`;
  const body = tryParseJson(text);
  // Of what a provider of the same dialect says of the request, only the envelope is sure.
  if (client === provider && isJsonObject(body) && body.error !== undefined) return null;
  return mismatch(ERRORS[client], body);
}

function complaintAboutStream(asked: HostileCase, { text }: Heard): string | null {
  const { client, provider, asArray } = asked;
  const messages = asArray ? readArray(text) : readFrames(text);
  if (typeof messages === 'string') return messages;
  const values = messages.flatMap(({ data }) => (data === '[DONE]' ? [] : [tryParseJson(data)]));
  const bad = values.findIndex((value) => !isJsonObject(value));
  if (bad !== -1) return `message ${bad} of the stream is not a JSON object`;

  const last = values.at(-1);
  const endsInError = STREAM_ERRORS[client].safeParse(last).success;
  const reply = readStream(client, messages);
  if (!endsInError && reply.error) return `the stream reads as broken: ${reply.error.code}`;
  if (client === 'openai-chat' && provider !== client && messages.at(-1)?.data !== '[DONE]') return 'no [DONE]';
  if (client === provider) return null;
  return complaintAboutValues(asked, endsInError ? values.slice(0, -1) : values);
}

function complaintAboutValues({ client }: HostileCase, values: unknown[]): string | null {
  for (const [index, value] of values.entries()) {
    const found = mismatch(MESSAGES[client], value);
    if (found) return `message ${index} of the stream: ${found}`;
  }
  return client === 'anthropic-messages' ? complaintAboutBlocks(values) : null;
}

/** One block is begun, filled and ended before the next, and they are numbered in order. */
function complaintAboutBlocks(values: unknown[]): string | null {
  let open = -1;
  let next = 0;
  for (const [at, value] of values.entries()) {
    const { type, index } = value as { type: string; index?: number };
    if ((type === 'message_start') !== (at === 0)) return `${type} at ${at}`;
    if (type === 'content_block_start') {
      if (open !== -1 || index !== next) return `block ${index} begins at ${at}`;
      open = next++;
    } else if (type === 'content_block_delta' && index !== open) return `a delta of block ${index} at ${at}`;
    else if (type === 'content_block_stop') {
      if (index !== open) return `block ${index} ends at ${at}`;
      open = -1;
    } else if (type === 'message_delta' && open !== -1) return `block ${open} is not ended`;
  }
  return null;
}

function readStream(wire: WireId, messages: SseMessage[]): ChatReply {
  const parser = DIALECTS[wire].createStreamParser();
  return collect([...messages.flatMap((message) => parser.parse(message)), ...parser.end()]);
}

/** The messages of an event stream, or what is wrong with it. */
function readFrames(text: string): SseMessage[] | string {
  const sse = createSseParser();
  const all = [...sse.push(text), ...sse.end()];
  if (all.some(({ kind }) => kind === 'stray')) return 'text between the frames of the stream';
  const messages = all.filter(({ kind, data }) => kind === 'message' && data.trim() !== '');
  return messages.length > 0 ? messages : 'an empty stream';
}

/** The elements of a JSON array as the messages they stand for. */
function readArray(text: string): SseMessage[] | string {
  const values = tryParseJson(text);
  if (!Array.isArray(values) || values.length === 0) return 'the stream is not a JSON array with something in it';
  return values.map((value) => {
    const data = JSON.stringify(value);
    return { kind: 'message', event: null, data, frame: `data: ${data}\n\n` };
  });
}

function mismatch(shape: (typeof BODIES)[WireId], value: unknown): string | null {
  const issue = shape.safeParse(value).error?.issues[0];
  return issue ? `${issue.path.join('.')}: ${issue.message}` : null;
}
