import { Elysia } from 'elysia';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import type { ChatDoor } from './chat-door.ts';

/** For programs that use OpenAI's SDK, by Chat Completions or Responses, or one of the many that speak the former. */
export const openaiRoutes = (enter: ChatDoor) =>
  new Elysia()
    .post(
      '/v1/chat/completions',
      ({ request, server }) => enter({ request, server, dialect: openaiChat, endpoint: '/v1/chat/completions' }),
      { parse: 'none' },
    )
    .post(
      '/v1/responses',
      ({ request, server }) => enter({ request, server, dialect: openaiResponses, endpoint: '/v1/responses' }),
      { parse: 'none' },
    );
