import { Elysia } from 'elysia';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { ChatDoor } from './chat-door.ts';

/** For programs that use Anthropic's SDK. */
export const anthropicRoutes = (enter: ChatDoor) =>
  new Elysia().post(
    '/v1/messages',
    ({ request, server }) => enter({ request, server, dialect: anthropicMessages, endpoint: '/v1/messages' }),
    { parse: 'none' },
  );
