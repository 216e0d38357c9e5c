import { FIXTURES, type Fixture, type WireId } from './fixtures/index.ts';
import { createRandom, type Random } from './random.ts';
import { spoilBytes, spoilFrames, spoilJson } from './spoil.ts';

/** One exchange: who asks, which wire the provider speaks, and what it answers. */
export interface HostileCase {
  id: number;
  client: WireId;
  provider: WireId;
  stream: boolean;
  /** Google's stream without `alt=sse` is one JSON array. */
  asArray: boolean;
  status: number;
  headers: Record<string, string>;
  /** The reply in the pieces it is sent in. */
  pieces: Uint8Array[];
  ending: 'close' | 'break' | 'silence';
}

const ERROR_STATUSES = [400, 400, 401, 403, 404, 408, 413, 422, 429, 500, 503, 529] as const;
const ODD_STATUSES = [201, 204, 206, 302, 304, 418, 451, 499, 599] as const;
const ODD_TYPES = [
  '',
  'text/plain',
  'text/html; charset=utf-8',
  'application/octet-stream',
  'application/x-ndjson',
  'TEXT/EVENT-STREAM',
];

/** The case of a number, always the same one. All pairs of wires take turns, streamed and not. */
export function hostileCase(id: number, seed: number, more: readonly Fixture[] = []): HostileCase {
  const random = createRandom(seed * 1_000_003 + id);
  const wires = FIXTURES.map(({ wire }) => wire);
  const client = wires[id % wires.length] ?? 'openai-chat';
  const provider = wires[Math.floor(id / wires.length) % wires.length] ?? 'openai-chat';
  const stream = Math.floor(id / wires.length ** 2) % 2 === 1;
  const fixture = random.pick([...FIXTURES, ...more].filter(({ wire }) => wire === provider));
  const about = { id, client, provider, stream, asArray: client === 'google-generate' && random.chance(0.3) };

  if (random.chance(0.08)) return { ...about, ...errorReply(fixture, random) };
  // Some servers stream unasked, and some answer whole.
  const isStreamed = random.chance(0.06) ? !stream : stream;
  const text = isStreamed ? spoiltStream(fixture, random) : spoiltBody(fixture, random);
  const bytes = Buffer.from(text);
  return {
    ...about,
    status: random.chance(0.02) ? random.pick(ODD_STATUSES) : 200,
    headers: {
      'content-type': contentType(isStreamed, random),
      ...(random.chance(0.0005) ? { 'content-encoding': 'gzip' } : {}),
    },
    pieces: inPieces(random.chance(0.35) ? spoilBytes(bytes, random) : bytes, random),
    ending: random.chance(0.02) ? 'break' : random.chance(0.001) ? 'silence' : 'close',
  };
}

function spoiltBody({ bodies, streams, errors }: Fixture, random: Random): string {
  const body = random.pick(random.chance(0.05) ? errors : bodies);
  const draw = random.fraction();
  if (draw < 0.02) return random.pick(streams).join('');
  if (draw < 0.05) return JSON.stringify([body, body]);
  return draw < 0.25 ? JSON.stringify(body) : spoilJson(body, random);
}

function spoiltStream({ bodies, streams }: Fixture, random: Random): string {
  const frames = random.pick(streams);
  const draw = random.fraction();
  if (draw < 0.02) return JSON.stringify(random.pick(bodies));
  const spoilt = draw < 0.15 ? [...frames] : spoilFrames(frames, random);
  const text = spoilt.join('');
  if (random.chance(0.1)) return text.replaceAll('\n', random.pick(['\r\n', '\r']));
  return random.chance(0.05) ? `\uFEFF${text}` : text;
}

function errorReply({ errors }: Fixture, random: Random) {
  const error = random.pick(errors);
  const text = random.chance(0.2)
    ? '<html>Bad Gateway</html>'
    : random.chance(0.5)
      ? spoilJson(error, random)
      : JSON.stringify(error);
  const bytes = Buffer.from(text);
  return {
    status: random.pick(ERROR_STATUSES),
    headers: {
      'content-type': random.chance(0.8) ? 'application/json' : random.pick(ODD_TYPES),
      ...(random.chance(0.3)
        ? { 'retry-after': random.pick(['1', '-1', '1e9', 'soon', 'Wed, 21 Oct 2099 07:28:00 GMT', '']) }
        : {}),
    },
    pieces: [random.chance(0.3) ? spoilBytes(bytes, random) : bytes],
    ending: 'close' as const,
  };
}

function contentType(isStreamed: boolean, random: Random): string {
  if (random.chance(0.1)) return random.pick(ODD_TYPES);
  return isStreamed ? 'text/event-stream' : 'application/json';
}

function inPieces(bytes: Uint8Array, random: Random): Uint8Array[] {
  if (bytes.length > 50_000 || random.chance(0.6)) return [bytes];
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(400);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
