import type { Call, Reply } from '../call.ts';
import { answerChat } from './chat/answer.ts';
import { answerEmbeddings } from './embeddings.ts';
import { openAiError } from './error.ts';
import { findModel, listModels } from './models.ts';
import { answerResponse, countResponseInput, deleteResponse, findResponse } from './responses/answer.ts';

/** OpenAI's API, as far as the simulator knows it. */
export function answerOpenAi(call: Call): Reply {
  const { method, path, headers } = call;
  if (!/^Bearer +\S/i.test(headers.get('authorization') ?? '')) return openAiError(401, { message: MISSING_KEY });

  const [, resource, id] = path.match(/^\/(models|responses)\/(.+)$/) ?? [];
  switch (`${method} ${resource ? `/${resource}/*` : path}`) {
    case 'POST /chat/completions':
      return answerChat(call);
    case 'POST /responses':
      return answerResponse(call);
    case 'POST /responses/*':
      return id === 'input_tokens' ? countResponseInput(call) : unknownUrl(call);
    case 'GET /responses/*':
      return findResponse(call, id ?? '');
    case 'DELETE /responses/*':
      return deleteResponse(call, id ?? '');
    case 'POST /embeddings':
      return answerEmbeddings(call);
    case 'GET /models':
      return listModels(call);
    case 'GET /models/*':
      return findModel(call, id ?? '');
    default:
      return unknownUrl(call);
  }
}

function unknownUrl({ method, path }: Call): Reply {
  return openAiError(404, { message: `Invalid URL (${method} /v1${path})` });
}

const MISSING_KEY =
  "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. " +
  'Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.';
