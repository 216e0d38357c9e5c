import { Elysia } from 'elysia';
import type { EmbeddingShape } from '../chat/embedding.ts';
import { googleEmbed } from '../dialects/google-embed/index.ts';
import { googleGenerate } from '../dialects/google-generate/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiEmbeddings } from '../dialects/openai-embeddings/index.ts';
import { handleEmbeddings } from '../pipeline/embeddings.ts';
import type { SideDoor, SideVisit } from './side-door.ts';

/** Vectors for programs that use OpenAI's SDK; Google's are asked for by a method of its model routes. */
export const embeddingRoutes = (enter: SideDoor) =>
  new Elysia().post(
    '/v1/embeddings',
    ({ request, server }) =>
      enter({ request, server, dialect: openaiChat, endpoint: '/v1/embeddings' }, (call, stages) =>
        handleEmbeddings({ ...call, dialect: openaiEmbeddings, path: {} }, stages),
      ),
    { parse: 'none' },
  );

interface GoogleVisit extends Pick<SideVisit, 'request' | 'server'> {
  model: string;
}

const SHAPES = { embedContent: 'one', batchEmbedContents: 'many' } as const satisfies Record<string, EmbeddingShape>;

/** The answer to one of Google's methods for vectors; null where `method` is none of them. */
export function enterGoogleEmbed(enter: SideDoor, method: string, visit: GoogleVisit): Promise<Response> | null {
  if (method !== 'embedContent' && method !== 'batchEmbedContents') return null;
  const { request, server, model } = visit;
  return enter({ request, server, dialect: googleGenerate, endpoint: `:${method}` }, (call, stages) =>
    handleEmbeddings({ ...call, dialect: googleEmbed, path: { model, shape: SHAPES[method] } }, stages),
  );
}
