import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import { chatFrame } from '../upstream.ts';

const MB = 1e6;
const STREAM_BYTES = 200 * MB;
/** What the sockets of both sides hold between them, and then some. */
const MOST_PULLED = 40 * MB;
const MOST_GROWTH = 120 * MB;

interface Gateway {
  url: string;
  key: string;
}

const LONG = 'x'.repeat(50_000);
const TEXT = chatFrame({ content: LONG });
const ARGUMENTS = chatFrame({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'f', arguments: LONG } }] });
const encoder = new TextEncoder();

let frame = encoder.encode(TEXT);
let pulled = 0;
let isLeft = false;
let upstream: ReturnType<typeof startUpstream>;
let child: Subprocess;
let gateway: Gateway;
let hear: (message: unknown) => void = () => {};

/** Sends as fast as it is read. */
function startUpstream() {
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    fetch() {
      pulled = 0;
      isLeft = false;
      const body = new ReadableStream({
        pull(controller) {
          if (pulled >= STREAM_BYTES) return controller.close();
          pulled += frame.length;
          controller.enqueue(frame);
        },
        cancel() {
          isLeft = true;
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
}

async function heard<T>(act: () => void): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  hear = resolve;
  act();
  return (await promise) as T;
}
const askChild = <T>(question: string): Promise<T> => heard<T>(() => child.send(question));
const memory = async (): Promise<number> => (await askChild<{ rss: number }>('memory')).rss;

beforeAll(async () => {
  upstream = startUpstream();
  gateway = await heard<Gateway>(() => {
    child = Bun.spawn(
      [process.execPath, join(import.meta.dir, 'gateway-process.ts'), `http://127.0.0.1:${upstream.port}`],
      {
        ipc: (message) => hear(message),
        stdout: 'ignore',
        stderr: 'inherit',
      },
    );
  });
});
afterAll(async () => {
  child.send('stop');
  await child.exited;
  upstream.stop(true);
});

const DOORS = {
  'openai-chat': '/v1/chat/completions',
  'anthropic-messages': '/v1/messages',
  'openai-responses': '/v1/responses',
  'google-generate': '/v1beta/models/local/chat:streamGenerateContent',
} as const;

function bodyOf(door: string): string {
  const turn = [{ role: 'user', content: `Hello by ${door}` }];
  const google = { contents: [{ role: 'user', parts: [{ text: `Hello by ${door}` }] }] };
  if (door.includes('/models/')) return JSON.stringify(google);
  return JSON.stringify({
    model: 'local/chat',
    messages: turn,
    input: turn,
    max_tokens: 9,
    stream: true,
    store: false,
  });
}

/** A client that asks, reads the first bytes and then no more. */
async function askAndStall(door: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port: Number(new URL(gateway.url).port),
    socket: {
      data(open) {
        open.pause();
        resolve();
      },
    },
  });
  const body = bodyOf(door);
  socket.write(
    `POST ${door} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${gateway.key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await promise;
  return socket;
}

/** Waits until nothing more is pulled for a third of a second. */
async function settled(): Promise<void> {
  for (let [quiet, before] = [0, -1]; quiet < 8; ) {
    quiet = before === pulled ? quiet + 1 : 0;
    before = pulled;
    await Bun.sleep(40);
  }
}

describe.each(Object.entries(DOORS))('a client of %s', (_, door) => {
  test('that does not read holds the provider back, and the gateway stays small', async () => {
    const before = await memory();
    const socket = await askAndStall(door);
    await settled();
    expect(pulled).toBeLessThan(MOST_PULLED);
    expect((await memory()) - before).toBeLessThan(MOST_GROWTH);
    expect(isLeft).toBe(false);

    socket.terminate();
    for (let waited = 0; !isLeft && waited < 2000; waited += 10) await Bun.sleep(10);
    expect(isLeft).toBe(true);
    const { rows } = await askChild<{ rows: object[] }>('rows');
    expect(rows.at(-1)).toEqual({ outcome: 'aborted', status: 499 });
    expect(rows.length).toBe(Object.keys(DOORS).indexOf(_) + 1);
  }, 20_000);
});

describe('a client of another dialect that reads all of it', () => {
  test.each([
    ['text', TEXT],
    ['the arguments of a call', ARGUMENTS],
  ])(
    'does not make the gateway keep it: %s',
    async (_, text) => {
      frame = encoder.encode(text);
      const before = await memory();
      const response = await ask({ stream: true });
      let read = 0;
      for await (const chunk of response.body ?? []) read += chunk.length;
      expect(read).toBeGreaterThan(STREAM_BYTES * 0.9);
      expect((await memory()) - before).toBeLessThan(MOST_GROWTH);
    },
    30_000,
  );
});

test('an endless answer to a client that asked for a whole one is given up', async () => {
  frame = encoder.encode(TEXT);
  const response = await ask({ stream: false });
  expect(response.status).toBe(502);
  expect(pulled).toBeLessThan(STREAM_BYTES * 0.9);
}, 30_000);

function ask({ stream }: { stream: boolean }): Promise<Response> {
  const body = JSON.parse(bodyOf(DOORS['anthropic-messages']));
  return fetch(gateway.url + DOORS['anthropic-messages'], {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.key}`,
      'content-type': 'application/json',
      'cache-control': 'no-store',
    },
    body: JSON.stringify({ ...body, stream }),
  });
}
