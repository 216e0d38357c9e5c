import type { Recording } from './recordings.ts';

interface Received {
  path: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** Stands in for the vendors: answers every request with the recording it was given, and keeps what it was sent. */
export function startReplayServer() {
  let current: Recording['response'] | null = null;
  let received: Received | null = null;

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      received = {
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: (await request.json()) as Received['body'],
      };
      if (!current) return new Response('nothing to replay', { status: 500 });
      const headers = new Headers(current.headers);
      for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name);
      if (current.stream !== undefined)
        return new Response(inPieces(current.stream), { status: current.status, headers });
      const text = typeof current.body === 'string' ? current.body : JSON.stringify(current.body);
      return new Response(text, { status: current.status, headers });
    },
  });

  return {
    url: `http://127.0.0.1:${server.port}`,
    play(response: Recording['response']): void {
      current = response;
      received = null;
    },
    received: () => received,
    stop: () => server.stop(true),
  };
}

/** Cut at odd places, so that no frame arrives as it was written. */
function inPieces(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = 1 + ((at * 7919) % 1500);
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}
