import { Elysia } from 'elysia';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { Dialect, RequestPath } from '../dialects/dialect.ts';
import { googleGenerate } from '../dialects/google-generate/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import { anthropicCount, type CountFormat, googleCount, responsesCount } from '../dialects/token-count/index.ts';
import { handleCount } from '../pipeline/count-tokens.ts';
import type { SideDoor, SideVisit } from './side-door.ts';

/** How many tokens a chat has, for each SDK in its own words; Google's is a method of its model routes. */
export const countRoutes = (enter: SideDoor) =>
  new Elysia()
    .post(
      '/v1/messages/count_tokens',
      ({ request, server }) =>
        enterCount(enter, {
          request,
          server,
          dialect: anthropicMessages,
          format: anthropicCount,
          endpoint: '/v1/messages/count_tokens',
        }),
      { parse: 'none' },
    )
    .post(
      '/v1/responses/input_tokens',
      ({ request, server }) =>
        enterCount(enter, {
          request,
          server,
          dialect: openaiResponses,
          format: responsesCount,
          endpoint: '/v1/responses/input_tokens',
        }),
      { parse: 'none' },
    );

interface GoogleVisit extends Pick<SideVisit, 'request' | 'server'> {
  model: string;
}

export function enterGoogleCount(enter: SideDoor, { model, ...visit }: GoogleVisit): Promise<Response> {
  const path = { model, stream: false };
  return enterCount(enter, { ...visit, path, dialect: googleGenerate, format: googleCount, endpoint: ':countTokens' });
}

interface CountVisit extends SideVisit {
  format: CountFormat;
  path?: RequestPath;
}

function enterCount(enter: SideDoor, { format, path, ...visit }: CountVisit): Promise<Response> {
  const { dialect, request } = visit;
  const headers = pickHeaders(request.headers, dialect);
  return enter(visit, (call, stages) => handleCount({ ...call, dialect, format, path: { ...path, headers } }, stages));
}

/** Those that belong to the dialect and mean the same to a provider of it. */
function pickHeaders(headers: Headers, dialect: Dialect): Record<string, string> {
  return Object.fromEntries(
    dialect.headers.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])),
  );
}
