import type { Reply } from './call.ts';
import type { Directives } from './script/directives.ts';

/**
 * The reply, sent in the manner the directives ask for. `failure` is what the vendor sends when it fails after it has begun;
 * for a reply that is not streamed, breaking means half a body.
 */
export function inManner(reply: Reply, directives: Directives, failure: readonly string[]): Reply {
  const { delayMs, gapMs, breaks, failsMidStream } = directives;
  const frames = breaks || failsMidStream ? firstHalf(reply.frames) : reply.frames;
  return { ...reply, delayMs, gapMs, breaks, frames: failsMidStream && !breaks ? [...frames, ...failure] : frames };
}

/** A text in the pieces a model would stream it in. Joined they are the text; no piece ends inside a character. */
export function splitText(text: string, chunks: number | null): string[] {
  const characters = [...text];
  const count = Math.min(chunks ?? Math.min(Math.max(Math.ceil(characters.length / 40), 3), 12), characters.length);
  const pieces: string[] = [];
  for (let index = 0; index < count; index++) {
    const from = Math.floor((index * characters.length) / count);
    const to = Math.floor(((index + 1) * characters.length) / count);
    pieces.push(characters.slice(from, to).join(''));
  }
  return pieces;
}

function firstHalf(frames: readonly string[]): string[] {
  const [first = ''] = frames;
  if (frames.length === 1) return [first.slice(0, Math.ceil(first.length / 2))];
  return frames.slice(0, Math.ceil(frames.length / 2));
}
