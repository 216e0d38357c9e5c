import type { Wire } from '../wire.ts';
import { anthropicMessagesWire } from './anthropic-messages.ts';
import { googleGenerateWire } from './google-generate.ts';
import { openaiChatWire } from './openai-chat.ts';
import { openaiResponsesWire } from './openai-responses.ts';

/** Every wire the tests of this folder hold to the same promises. */
export const WIRES: readonly Wire[] = [openaiChatWire, openaiResponsesWire, anthropicMessagesWire, googleGenerateWire];

export const wiresByName = WIRES.map((wire) => [wire.dialect.id, wire] as const);
