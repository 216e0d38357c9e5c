import type { EmbeddingInput, EmbeddingRequest } from '../../chat/embedding.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderedEmbeddings } from '../embedding-dialect.ts';

/** Google refuses a batch of more: https://ai.google.dev/api/embeddings */
const BATCH_SIZE = 100;
/** What OpenAI takes in one call; more would be very many of ours. */
const MAX_INPUTS = 2048;

/** As batches, one request for each input. */
export function renderRequest({ inputs, encoding, extras }: EmbeddingRequest, model: string): RenderedEmbeddings {
  if (encoding === 'other') {
    const message = `The vectors of "${model}" can be had as numbers (\`float\`) or as \`base64\` only.`;
    throw new GatewayError('unsupported', message, { param: 'encoding_format' });
  }
  if (inputs.length > MAX_INPUTS) {
    throw new GatewayError('unsupported', `At most ${MAX_INPUTS} texts can be embedded at once.`, { param: 'input' });
  }
  const requests = inputs.map((input) => renderInput(input, model));
  const bodies: JsonObject[] = [];
  for (let start = 0; start < requests.length; start += BATCH_SIZE) {
    bodies.push({ requests: requests.slice(start, start + BATCH_SIZE) });
  }
  return { bodies, shape: 'many', dropped: extras };
}

/** The model is in the body only where the client put it there; it must be the URL's. */
export function retarget(body: JsonObject, model: string): JsonObject {
  const named = renamed(body, model);
  if (isJsonObject(body.requests)) return { ...named, requests: renamed(body.requests, model) };
  if (!Array.isArray(body.requests)) return named;
  const requests = body.requests.map((request) => (isJsonObject(request) ? renamed(request, model) : request));
  return { ...named, requests };
}

function renamed(body: JsonObject, model: string): JsonObject {
  if (typeof body.model !== 'string') return { ...body };
  return { ...body, model: body.model.startsWith('models/') ? `models/${model}` : model };
}

function renderInput({ parts, dimensions, param }: EmbeddingInput, model: string): JsonObject {
  const content = {
    parts: parts.map((part) => {
      if (part.type === 'text') return { text: part.text };
      const found =
        part.type === 'tokens' ? 'a list of tokens, which only the maker of the tokenizer can read' : part.name;
      const message = `The model "${model}" embeds text; \`${param}\` holds ${found}. Send the text itself.`;
      throw new GatewayError('unsupported', message, { param });
    }),
  };
  return withoutUndefined({ model: `models/${model}`, content, outputDimensionality: dimensions });
}
