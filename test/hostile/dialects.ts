import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { googleGenerate } from '../../src/dialects/google-generate/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import type { WireId } from './fixtures/index.ts';

/** The dialect of each wire. */
export const DIALECTS: Record<WireId, Dialect> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'google-generate': googleGenerate,
};
