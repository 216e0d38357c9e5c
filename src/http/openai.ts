import { Elysia } from 'elysia';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { ChatDoor } from './chat-door.ts';

/** For programs that use OpenAI's SDK, or one of the many that speak its Chat Completions. */
export const openaiRoutes = (enter: ChatDoor) =>
  new Elysia().post(
    '/v1/chat/completions',
    ({ request, server }) => enter({ request, server, dialect: openaiChat, endpoint: '/v1/chat/completions' }),
    { parse: 'none' },
  );
