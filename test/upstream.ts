/** A request body that a test looks into. */
type Body = Record<string, unknown>;

/** A provider whose every answer a test decides. */
export function startUpstream() {
  type Answer = (request: Request, body: Body) => Response | Promise<Response>;
  let answer: Answer = () => new Response('no answer was decided', { status: 500 });
  const received: { path: string; headers: Record<string, string>; body: Body }[] = [];

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const body = (await request.json()) as Body;
      received.push({ path: pathname + search, headers: Object.fromEntries(request.headers), body });
      return await answer(request, body);
    },
  });

  return {
    url: `http://127.0.0.1:${server.port}`,
    received,
    answers(decided: Answer): void {
      answer = decided;
      received.length = 0;
    },
    stop: () => server.stop(true),
  };
}

/** A whole OpenAI Chat answer. */
export function chatAnswer(text: string, fields: Record<string, unknown> = {}): Response {
  return Response.json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1764000000,
    model: 'gpt-6-luna-2026-09-22',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
    ...fields,
  });
}

/** A frame of an OpenAI Chat stream. */
export function chatFrame(delta: Record<string, unknown>, fields: Record<string, unknown> = {}): string {
  const choice = { index: 0, delta, finish_reason: null };
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1764000000,
    model: 'gpt-6-luna',
    choices: [choice],
  };
  return `data: ${JSON.stringify({ ...chunk, ...fields })}\n\n`;
}

export const CHAT_END = [
  chatFrame({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  chatFrame({}, { choices: [], usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 } }),
  'data: [DONE]\n\n',
].join('');

interface Script {
  frames: string[];
  /** After the frames: close the stream, or stay silent. */
  ending?: 'close' | 'silence';
  onCancel?: () => void;
}

export function eventStream({ frames, ending = 'close', onCancel }: Script): Response {
  const encoder = new TextEncoder();
  let at = 0;
  const body = new ReadableStream({
    async pull(controller) {
      const frame = frames[at++];
      if (frame !== undefined) return controller.enqueue(encoder.encode(frame));
      if (ending === 'close') return controller.close();
      await new Promise(() => {});
    },
    cancel: () => onCancel?.(),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** A server that sends the frames of a stream and then drops the connection in the middle of a chunk. */
export function startBreakingUpstream(frames: string[]) {
  const body = frames.join('');
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
  const chunk = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\nff\r\nda`;
  const server = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      data(socket) {
        socket.write(head + chunk);
        setTimeout(() => socket.terminate(), 20);
      },
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}
