import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { count, sql } from 'drizzle-orm';
import { attempts, requests } from '../../src/db/schema.ts';
import { goldenCatalogue } from '../contract/golden/catalogue.ts';
import { questionOf } from '../contract/golden/wires.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { FIXTURES, type WireId } from '../hostile/fixtures/index.ts';
import { vendorsAt } from '../vendors.ts';

// A client leaves: at every event of a stream, in the middle of one, before the first byte, while an answer is being written
// that is not streamed. Each time the provider is let go, and the ledger has one row of it and one of the call, with an
// estimate of what it cost that says it is one.

const MODELS: Record<WireId, string> = {
  'openai-chat': 'openai/gold-chat',
  'openai-responses': 'openai/gold-responses',
  'anthropic-messages': 'anthropic/gold-claude',
  'google-generate': 'google/gold-gemini',
};
const WIRES = FIXTURES.map(({ wire }) => wire);
const PAIRS = WIRES.flatMap((client) => FIXTURES.map((fixture) => [client, fixture.wire, fixture] as const));

interface Scene {
  /** What the provider sends before it falls silent; null = not even headers. */
  pieces: string[] | null;
  isStream: boolean;
  sent: PromiseWithResolvers<void>;
  letGo: PromiseWithResolvers<void>;
}

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;
/** By the words in the prompt that ask for it. */
const scenes = new Map<string, Scene>();
let asked = 0;

function startUpstream() {
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const text = await request.text();
      const scene = scenes.get(/scene-\d+-/.exec(text)?.[0] ?? '');
      if (!scene) return new Response('no such scene', { status: 500 });
      const { pieces, isStream, sent, letGo } = scene;
      request.signal.addEventListener('abort', () => letGo.resolve());
      if (pieces === null) {
        sent.resolve();
        return await new Promise<Response>(() => {});
      }
      const encoder = new TextEncoder();
      let at = 0;
      const body = new ReadableStream({
        async pull(controller) {
          const piece = pieces[at++];
          if (piece !== undefined) return controller.enqueue(encoder.encode(piece));
          sent.resolve();
          await new Promise(() => {});
        },
        cancel: () => letGo.resolve(),
      });
      return new Response(body, { headers: { 'content-type': isStream ? 'text/event-stream' : 'application/json' } });
    },
  });
}

beforeAll(async () => {
  upstream = startUpstream();
  const url = `http://127.0.0.1:${upstream.port}`;
  gateway = await startGateway({
    env: {
      ...vendorsAt(url),
      REQUESTS_PER_MINUTE: '0',
      BASELINE_MODEL: 'gold-claude',
    },
    files: { 'models.json': goldenCatalogue() },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop(true);
});

interface Leaving {
  client: WireId;
  provider: WireId;
  pieces: string[] | null;
  stream?: boolean;
}

/** The request, as text and as the parts of a fetch, of a client that will leave. */
function prepare({ client, provider, pieces, stream = true }: Leaving) {
  const name = `scene-${asked++}-`;
  const scene: Scene = {
    pieces,
    isStream: stream,
    sent: Promise.withResolvers(),
    letGo: Promise.withResolvers(),
  };
  scenes.set(name, scene);
  const { path, body } = questionOf(client, { model: MODELS[provider], stream });
  return { path, body: JSON.stringify(body).replaceAll('Is it?', `Is it? ${name}`), scene };
}

async function leave(leaving: Leaving): Promise<void> {
  const { path, body, scene } = prepare(leaving);
  const gone = new AbortController();
  const reply = fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}` },
    body,
    signal: gone.signal,
  })
    .then((response) => response.text())
    .catch(() => 'left');
  await scene.sent.promise;
  gone.abort();
  await reply;
  await scene.letGo.promise;
}

/** The rows since a moment, once every entry that is open has been closed. */
async function rowsSince(before: number) {
  const { ledger } = gateway.services.stages;
  for (let waited = 0; ledger.openCount() > 0 && waited < 1000; waited += 5) await Bun.sleep(5);
  return (await gateway.allRequests()).slice(before);
}

async function expectAllBilled(before: number, points: number): Promise<void> {
  const rows = await rowsSince(before);
  expect(rows.length).toBe(points);
  const ids = new Set(rows.map(({ id }) => id));
  for (const row of rows) {
    expect(row).toMatchObject({ outcome: 'aborted', status: 499, isUsageEstimated: true, attemptCount: 1 });
    expect(row.costNanoUsd).toBeGreaterThan(0);
  }
  const calls = (await gateway.allAttempts()).filter(({ requestId }) => ids.has(requestId));
  expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(points);
  expect(calls.length).toBe(points);
  const costs = new Map(rows.map(({ id, costNanoUsd }) => [id, costNanoUsd]));
  for (const call of calls) {
    expect(call).toMatchObject({ isUsageEstimated: true, costNanoUsd: costs.get(call.requestId) ?? -1 });
  }
}

describe.each(PAIRS)('a client of %s at a provider of %s', (client, provider, { streams, bodies }) => {
  /** Google's stream has no last message; the others are over with it, and there is nothing left to leave. */
  const lastPoint = (frames: string[]) => (provider === 'google-generate' ? frames.length : frames.length - 1);

  test('that leaves at any event of a stream, or before the first one', async () => {
    const before = asked;
    const points = streams.flatMap((frames) =>
      Array.from({ length: lastPoint(frames) + 1 }, (_, at) => frames.slice(0, at)),
    );
    await Promise.all([null, ...points].map((pieces) => leave({ client, provider, pieces })));
    await expectAllBilled(before, points.length + 1);
  });

  test('that leaves in the middle of one', async () => {
    const before = asked;
    const frames = streams[0] ?? [];
    const halves = frames.map((frame, at) => [...frames.slice(0, at), frame.slice(0, frame.length / 2)]);
    await Promise.all(halves.map((pieces) => leave({ client, provider, pieces })));
    await expectAllBilled(before, halves.length);
  });

  test('that leaves before an answer is whole that is not streamed', async () => {
    const before = asked;
    const text = JSON.stringify(bodies[0]);
    const pieces = [null, [], [text.slice(0, 1)], [text.slice(0, text.length / 2)], [text.slice(0, -1)]];
    await Promise.all(pieces.map((piece) => leave({ client, provider, pieces: piece, stream: false })));
    await expectAllBilled(before, pieces.length);
  });

  test('whose connection is torn', async () => {
    const before = asked;
    const { path, body, scene } = prepare({ client, provider, pieces: (streams[0] ?? []).slice(0, -1) });
    const head = `POST ${path} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${gateway.key}\r\n`;
    const socket = await Bun.connect({
      hostname: '127.0.0.1',
      port: Number(new URL(gateway.url).port),
      socket: { data() {} },
    });
    socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    await scene.sent.promise;
    socket.terminate();
    await scene.letGo.promise;
    await expectAllBilled(before, 1);
  });
});

test('there is one row for each request that was made, and one for each call', async () => {
  const { db } = gateway.services;
  await gateway.services.writer.flush();
  const [told] = await db.select({ rows: count(), ids: sql<number>`count(distinct ${requests.id})` }).from(requests);
  const [calls] = await db
    .select({ rows: count(), requests: sql<number>`count(distinct ${attempts.requestId})` })
    .from(attempts);
  expect([told, calls]).toEqual([
    { rows: asked, ids: asked },
    { rows: asked, requests: asked },
  ]);
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
