import { Elysia } from 'elysia';
import { createArrayFraming, googleGenerate } from '../dialects/google-generate/index.ts';
import { decodeUri } from '../lib/decode-uri.ts';
import type { Log } from '../lib/log.ts';
import type { Framing } from '../pipeline/respond.ts';
import type { ChatDoor } from './chat-door.ts';
import { errorResponse, notFound } from './error-response.ts';

interface GoogleOptions {
  enter: ChatDoor;
  log: Log;
}

/** For programs that use Google's SDK: `v1beta` and, as its newest calls it, `v1`. The method hangs on the model's name. */
export const googleRoutes = ({ enter, log }: GoogleOptions) => {
  const handle = ({ request, server }: { request: Request; server: Parameters<ChatDoor>[0]['server'] }) => {
    const url = new URL(request.url);
    const { model, method } = splitPath(url.pathname);
    const visit = { request, server, dialect: googleGenerate };
    if (method === 'generateContent') {
      return enter({ ...visit, endpoint: ':generateContent', path: { model, stream: false } });
    }
    if (method === 'streamGenerateContent') {
      const framing = url.searchParams.get('alt') === 'sse' ? null : jsonArrayFraming();
      return enter({ ...visit, framing, endpoint: ':streamGenerateContent', path: { model, stream: true } });
    }
    const requestId = Bun.randomUUIDv7();
    return errorResponse({ thrown: notFound(request), dialect: googleGenerate, requestId, log });
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
