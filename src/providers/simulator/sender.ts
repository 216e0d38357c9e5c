import type { Reply } from './call.ts';

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
  function begin(signal: AbortSignal) {
    const gone = new AbortController();
    const settle = (isServed: boolean) => {
      if (!live.delete(gone)) return;
      signal.removeEventListener('abort', leave);
      if (isServed) served++;
      else aborted++;
      gone.abort();
    };
    const leave = () => settle(false);
    live.add(gone);
    signal.addEventListener('abort', leave);
    gone.signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    return { settle, gone: gone.signal };
  }

  async function send(reply: Reply, signal: AbortSignal): Promise<Response> {
    const { settle, gone } = begin(signal);
    const { status, headers, frames, breaks } = reply;
    if (reply.delayMs > 0) await wait(reply.delayMs, gone);
    const [only] = frames;
    if (gone.aborted) return new Response(null, { status: 499 });
    if (!breaks && frames.length === 1 && only !== undefined) {
      settle(true);
      return new Response(only, { status, headers });
    }

    let next = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await wait(reply.gapMs ?? gapMs ?? livelyGap(next), gone);
          if (gone.aborted) return;
          const frame = frames[next++];
          if (frame !== undefined) controller.enqueue(new TextEncoder().encode(frame));
          if (next < frames.length + (breaks ? 1 : 0)) return;
          settle(true);
          if (breaks) controller.error(new Error('The simulator was asked to drop this connection.'));
          else controller.close();
        },
        cancel: () => settle(false),
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status, headers });
  }

  return {
    send,
    stats: (): SenderStats => ({ open: live.size, served, aborted }),
    dropAll: () => {
      for (const gone of [...live]) gone.abort();
    },
  };
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
