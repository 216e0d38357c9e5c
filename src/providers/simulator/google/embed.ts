import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply } from '../call.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../read.ts';
import { readDirectives } from '../script/directives.ts';
import { embed } from '../vectors.ts';
import { directedError, invalidArgument } from './error.ts';
import { fieldOf } from './fields.ts';
import { JSON_HEADERS } from './generate.ts';
import { partsOf } from './request.ts';

const MAX_DIMENSIONS = 3072;

/** `POST /models/{model}:embedContent` */
export function embedContent({ body }: Call, model: string): Reply {
  return answer(objectsOf([body]), model, ([embedding]) => ({ embedding }));
}

/** `POST /models/{model}:batchEmbedContents`: one request for each text; the reply has neither index nor usage. */
export function batchEmbedContents({ body }: Call, model: string): Reply {
  const requests = objectsOf(isJsonObject(body) ? body.requests : []);
  return answer(requests, model, (embeddings) => ({ embeddings }));
}

function answer(requests: JsonObject[], model: string, write: (embeddings: JsonObject[]) => JsonObject): Reply {
  if (requests.length === 0)
    return invalidArgument('* BatchEmbedContentsRequest.requests: requests is not specified\n');
  const texts = requests.map(({ content }) =>
    partsOf(objectOf(content))
      .map(({ text }) => textOf(text))
      .join('\n'),
  );
  const directives = readDirectives(texts.join('\n'), model);
  if (directives.error) return directedError(directives.error, model);

  const embeddings: JsonObject[] = [];
  for (const [index, request] of requests.entries()) {
    if (partsOf(objectOf(request.content)).length === 0) {
      return invalidArgument('* EmbedContentRequest.content: contents is not specified\n');
    }
    const wanted = numberOf(fieldOf(request, 'outputDimensionality')) ?? MAX_DIMENSIONS;
    if (wanted < 1 || wanted > MAX_DIMENSIONS || !Number.isInteger(wanted)) {
      return invalidArgument(`* EmbedContentRequest.output_dimensionality: must be between 1 and ${MAX_DIMENSIONS}\n`);
    }
    embeddings.push({ values: embed(texts[index] ?? '', wanted) });
  }
  return { ...jsonReply(write(embeddings), { headers: JSON_HEADERS }), delayMs: directives.delayMs };
}
