import { Elysia } from 'elysia';
import { createArrayFraming, googleGenerate } from '../dialects/google-generate/index.ts';
import { decodeUri } from '../lib/decode-uri.ts';
import type { Log } from '../lib/log.ts';
import { urlOf } from '../lib/url-of.ts';
import type { Framing } from '../pipeline/respond.ts';
import type { ChatDoor } from './chat-door.ts';
import { enterGoogleCount } from './count-tokens.ts';
import { enterGoogleEmbed } from './embeddings.ts';
import { errorResponse, notFound } from './error-response.ts';
import type { SideDoor } from './side-door.ts';

interface GoogleOptions {
  enter: ChatDoor;
  enterSide: SideDoor;
  log: Log;
}

/** For programs that use Google's SDK: `v1beta` and, as its newest calls it, `v1`. The method hangs on the model's name. */
export const googleRoutes = ({ enter, enterSide, log }: GoogleOptions) => {
  const handle = ({ request, server }: { request: Request; server: Parameters<ChatDoor>[0]['server'] }) => {
    const url = urlOf(request);
    const { model, method } = splitPath(url.pathname);
    const visit = { request, server, dialect: googleGenerate };
    if (method === 'generateContent') {
      return enter({ ...visit, endpoint: ':generateContent', path: { model, stream: false } });
    }
    if (method === 'streamGenerateContent') {
      const framing = url.searchParams.get('alt') === 'sse' ? null : jsonArrayFraming();
      return enter({ ...visit, framing, endpoint: ':streamGenerateContent', path: { model, stream: true } });
    }
    if (method === 'countTokens') return enterGoogleCount(enterSide, { request, server, model });
    const embedded = enterGoogleEmbed(enterSide, method, { request, server, model });
    if (embedded) return embedded;
    const requestId = Bun.randomUUIDv7();
    return errorResponse({ thrown: notFound(request, new Map()), dialect: googleGenerate, requestId, log });
  };
  return new Elysia()
    .post('/v1beta/models/*', handle, { parse: 'none' })
    .post('/v1/models/*', handle, { parse: 'none' });
};

/** `/v1beta/models/openai/gpt-5:generateContent` → its model and method. A model's own name may hold slashes and colons. */
function splitPath(pathname: string): { model: string; method: string } {
  const rest = pathname.slice(pathname.indexOf('/models/') + '/models/'.length);
  const colon = rest.lastIndexOf(':');
  if (colon === -1) return { model: rest, method: '' };
  return { model: decodeUri(rest.slice(0, colon)), method: rest.slice(colon + 1) };
}

function jsonArrayFraming(): Framing {
  const array = createArrayFraming();
  return { contentType: 'application/json', push: array.fromFrames, end: array.end };
}
