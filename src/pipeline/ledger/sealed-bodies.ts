import type { KeyObject } from 'node:crypto';
import type { RequestBodies } from '../../db/schema.ts';
import { openBytes, sealBytes } from '../../lib/secret-box.ts';
import type { KeptBodies } from './body-capture.ts';

const decoder = new TextDecoder();

interface Place {
  requestId: string;
  startedAt: number;
}

/** Compresses, on another thread, and seals; each text opens as what it is of its own request and as nothing else. */
export async function sealBodies(key: KeyObject, said: KeptBodies, place: Place): Promise<RequestBodies> {
  const { isPromptCut, isAnswerCut } = said;
  const [prompt, answer] = await Promise.all([Bun.zstdCompress(said.prompt), Bun.zstdCompress(said.answer)]);
  return {
    ...place,
    prompt: sealBytes(key, prompt, contextOf('prompt', place.requestId)),
    answer: sealBytes(key, answer, contextOf('answer', place.requestId)),
    ...{ isPromptCut, isAnswerCut },
  };
}

/** What was sealed. Throws when the key is another one, or somebody has changed the row. */
export async function openBodies(key: KeyObject, row: RequestBodies): Promise<KeptBodies> {
  const { requestId, isPromptCut, isAnswerCut } = row;
  const [prompt, answer] = await Promise.all([
    Bun.zstdDecompress(openBytes(key, row.prompt, contextOf('prompt', requestId))),
    Bun.zstdDecompress(openBytes(key, row.answer, contextOf('answer', requestId))),
  ]);
  return { prompt: decoder.decode(prompt), answer: decoder.decode(answer), isPromptCut, isAnswerCut };
}

function contextOf(what: 'prompt' | 'answer', requestId: string): string {
  return `${what} of ${requestId}`;
}
