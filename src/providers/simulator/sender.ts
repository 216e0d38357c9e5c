import type { Reply } from './call.ts';

/** What has been written is lost with the connection unless it had time to leave. */
const FLUSH_MS = 10;

export interface SenderStats {
  /** Replies under way. */
  open: number;
  /** Replies sent to their end, also when the end was a broken connection on purpose. */
  served: number;
  /** Replies whose reader left before the end. */
  aborted: number;
}

/** Sends replies in their manner and stops the moment nobody listens any more: no timer outlives its reply. */
export function createSender(gapMs: number | undefined) {
  const live = new Set<AbortController>();
  let served = 0;
  let aborted = 0;

  /** A reply is `live` from here until it is settled, which happens once. */
  function begin(signal: AbortSignal): Life {
    const gone = new AbortController();
    const settle: Life['settle'] = (outcome) => {
      if (!live.delete(gone)) return;
      signal.removeEventListener('abort', leave);
      if (outcome === 'served') served++;
      else aborted++;
      gone.abort();
    };
    const leave = () => settle('aborted');
    live.add(gone);
    signal.addEventListener('abort', leave);
    gone.signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    return { settle, gone: gone.signal };
  }

  async function send(reply: Reply, signal: AbortSignal): Promise<Response> {
    const life = begin(signal);
    const { status, headers, frames, breaks } = reply;
    if (reply.delayMs > 0) await wait(reply.delayMs, life.gone);
    const [only] = frames;
    if (life.gone.aborted) return new Response(null, { status: 499 });
    if (!breaks && frames.length === 1 && only !== undefined) {
      life.settle('served');
      return new Response(only, { status, headers });
    }

    return new Response(streamOf(reply, life, reply.gapMs ?? gapMs), { status, headers });
  }

  return {
    send,
    stats: (): SenderStats => ({ open: live.size, served, aborted }),
    dropAll: () => {
      for (const gone of [...live]) gone.abort();
    },
  };
}

interface Life {
  /** Ends it: the reply has been sent, or nobody wants it any more. */
  settle(outcome: 'served' | 'aborted'): void;
  gone: AbortSignal;
}

function streamOf({ frames, breaks }: Reply, { settle, gone }: Life, gapMs: number | undefined) {
  let next = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Nothing is sent before the first piece, not even the headers, so that one goes at once.
        if (next > 0) await wait(gapMs ?? livelyGap(next), gone);
        if (gone.aborted) return;
        const frame = frames[next++];
        if (frame !== undefined) controller.enqueue(new TextEncoder().encode(frame));
        if (next < frames.length) return;
        if (!breaks) controller.close();
        else {
          await wait(FLUSH_MS, gone);
          controller.error(new Error('The simulator was asked to drop this connection.'));
        }
        settle('served');
      },
      cancel: () => settle('aborted'),
    },
    { highWaterMark: 0 },
  );
}

/** Between 5 and 15 ms, unevenly. */
function livelyGap(turn: number): number {
  return 5 + ((turn * 7) % 11);
}

/** Waits, but not longer than somebody listens. */
function wait(ms: number, gone: AbortSignal): Promise<void> {
  if (ms === 0 || gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      gone.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    gone.addEventListener('abort', end);
  });
}
