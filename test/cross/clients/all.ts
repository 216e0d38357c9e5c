import type { Client } from '../talk.ts';
import { aiSdkClients } from './ai-sdk.ts';
import { anthropicClient } from './anthropic.ts';
import { googleClient } from './google.ts';
import { openaiChatClient } from './openai-chat.ts';
import { openaiResponsesClient } from './openai-responses.ts';

export const CLIENTS: Client[] = [
  openaiChatClient,
  openaiResponsesClient,
  anthropicClient,
  googleClient,
  ...aiSdkClients,
];
