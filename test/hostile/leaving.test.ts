import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';
import { ask, hostileGateway } from './clients.ts';
import { FIXTURES, type WireId } from './fixtures/index.ts';

// A client leaves at every point of a stream: before the first frame, after each of them, and after the last.

const AT_ONCE_MS = 100;

interface Script {
  frames: readonly string[];
  /** Frames that are sent before the provider falls silent. */
  count: number;
  sent: () => void;
  left: () => void;
}

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;
let script: Script;
let id = 0;

/** Sends the first frames of a stream, one at a time, and then keeps the connection open. */
function startUpstream() {
  const encoder = new TextEncoder();
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    fetch() {
      const { frames, count, sent, left } = script;
      let at = 0;
      const body = new ReadableStream({
        async pull(controller) {
          if (at < count) {
            controller.enqueue(encoder.encode(frames[at++]));
            return;
          }
          sent();
          await new Promise(() => {});
        },
        cancel: left,
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
}

beforeAll(async () => {
  upstream = startUpstream();
  const { env, files } = hostileGateway(`http://127.0.0.1:${upstream.port}`);
  gateway = await startGateway({ env: { ...env, PROVIDER_TIMEOUT_SECONDS: '30' }, files });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop(true);
});

/** Asks, leaves when the provider has sent so many frames, and says how long the provider was kept after that. */
async function leaveAfter(
  count: number,
  { client, provider, frames }: { client: WireId; provider: WireId; frames: readonly string[] },
) {
  const sent = Promise.withResolvers<void>();
  const left = Promise.withResolvers<number>();
  script = { frames, count, sent: sent.resolve, left: () => left.resolve(performance.now()) };
  const leaving = new AbortController();
  const reply = ask(gateway, { id: id++, client, provider, stream: true, asArray: false }, leaving.signal)
    .then((response) => response.text())
    .catch(() => 'left');
  await sent.promise;
  // So that what was sent has been told, or is being told.
  await Bun.sleep(count % 2 === 0 ? 0 : 3);
  const leftAt = performance.now();
  leaving.abort();
  await reply;
  return (await left.promise) - leftAt;
}

const wires = FIXTURES.map(({ wire }) => wire);
const pairs = wires.flatMap((client) => FIXTURES.map((fixture) => [client, fixture.wire, fixture.streams] as const));
/** The one wire whose stream has no last message: only its close ends it. */
const ENDLESS: WireId = 'google-generate';

describe.each(pairs)('a client of %s at a provider of %s', (client, provider, streams) => {
  const frames = streams[1] ?? [];

  test('lets the provider go at once, wherever it leaves, and makes one entry each time', async () => {
    const before = (await gateway.allRequests()).length;
    const kept: number[] = [];
    // Not after the last frame, where there is nothing left to leave.
    const points = provider === ENDLESS ? frames.length + 1 : frames.length;
    for (let count = 0; count < points; count++) kept.push(await leaveAfter(count, { client, provider, frames }));
    kept.sort((a, b) => a - b);
    // A busy machine may be late once.
    expect(kept.at(-2)).toBeLessThan(AT_ONCE_MS);
    expect(kept.at(-1)).toBeLessThan(10 * AT_ONCE_MS);

    for (let waited = 0; waited < 500 && (await gateway.allRequests()).length < before + points; waited += 10)
      await Bun.sleep(10);
    const rows = (await gateway.allRequests()).slice(before);
    expect(rows.length).toBe(points);
    expect(rows.filter(({ outcome, status }) => outcome !== 'aborted' || status !== 499)).toEqual([]);
  }, 20_000);
});

describe.each(pairs.filter(([, provider]) => provider !== ENDLESS))(
  'a client of %s at a provider of %s',
  (client, provider, streams) => {
    const frames = streams[1] ?? [];

    test('has the whole answer with the last message, though the connection stays open', async () => {
      const left = Promise.withResolvers<void>();
      script = { frames, count: frames.length, sent: () => {}, left: left.resolve };
      const response = await ask(
        gateway,
        { id: id++, client, provider, stream: true, asArray: false },
        AbortSignal.timeout(2000),
      );
      expect((await response.text()).length).toBeGreaterThan(100);
      await left.promise;
      expect(await gateway.lastRequest()).toMatchObject({ outcome: 'ok', status: 200, isUsageEstimated: false });
    });
  },
);

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
