import type { ChatRequest, Message } from '../../chat/request.ts';

/** No provider speaks it, so that every call is rendered from our own words. */
export const SHADOW_DIALECT = 'gateway';

type Plain = Pick<
  ChatRequest,
  'temperature' | 'topP' | 'topK' | 'seed' | 'output' | 'reasoning' | 'maxOutputTokens' | 'presencePenalty'
> & { frequencyPenalty?: number | undefined; stop?: string[]; system: readonly string[]; messages: Message[] };

/** A request of the gateway itself: texts, and nothing that belongs to a client or one vendor. */
export function plainRequest({ system, messages, stop = [], ...more }: Plain): ChatRequest {
  return {
    model: '',
    stream: false,
    wantsStreamUsage: false,
    system: system.map((text) => ({ type: 'text', text })),
    messages,
    tools: [],
    stop,
    choices: 1,
    extras: {},
    original: { dialect: SHADOW_DIALECT, body: {}, headers: {} },
    ...more,
  };
}

/** The same question once more, for another model; who asks is not told, and no tier is paid for that is not standard. */
export function askAgain(
  request: ChatRequest,
  { thinks, maxOutputTokens }: { thinks: boolean; maxOutputTokens: number },
) {
  const { temperature, topP, topK, seed, output, reasoning, stop, presencePenalty, frequencyPenalty } = request;
  // Models that think take no sampling of the client's.
  const sampling = thinks ? { reasoning } : { temperature, topP, topK, presencePenalty, frequencyPenalty };
  return plainRequest({
    system: request.system.map(({ text }) => text),
    messages: request.messages.map(textOnly),
    ...{ stop, seed, output, maxOutputTokens, ...sampling },
  });
}

/** Whether a request is text and nothing else, so that another model sees the same. */
export function isPlainText({ messages, tools, bound, choices, topLogprobs, extras }: ChatRequest): boolean {
  if (tools.length > 0 || (bound?.length ?? 0) > 0 || choices > 1 || topLogprobs !== undefined) return false;
  if (Object.keys(extras).length > 0) return false;
  return messages.every(({ content }) => content.every(({ type }) => type === 'text' || type === 'reasoning'));
}

/** A conversation for a judge to read. */
export function writeOut({ system, messages }: ChatRequest): string {
  const parts = [
    ...system.map(({ text }) => `system: ${text}`),
    ...messages.map((message) => `${message.role}: ${textOf(message)}`),
  ];
  return parts.join('\n\n');
}

function textOf({ content }: Message): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function textOnly(message: Message): Message {
  return { role: message.role, content: [{ type: 'text', text: textOf(message) }] };
}
