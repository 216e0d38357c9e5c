import { z } from 'zod';

/**
 * Reads calls and token counts of a reply straight off the wire, by the shortest way there is: an independent witness for what
 * the dialects make of it.
 */
export type Wire = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'google-generate';

export interface Counts {
  prompt: number;
  cacheRead: number;
  output: number;
  reasoning: number;
}

export interface Witnessed {
  text: string;
  /** Names of the calls the client is to make. */
  calls: string[];
  /** Null where the reply tells none. */
  counts: Counts | null;
}

/** Whatever is there: a witness does not validate. */
const Loose = z.any();
type Loose = z.infer<typeof Loose>;

export function witness(wire: Wire, reply: string): Witnessed {
  const messages = messagesOf(reply).map((text) => Loose.parse(JSON.parse(text)));
  switch (wire) {
    case 'openai-chat':
      return witnessChat(messages);
    case 'openai-responses':
      return witnessResponses(messages);
    case 'anthropic-messages':
      return witnessMessages(messages);
    case 'google-generate':
      return witnessGenerate(messages);
    default:
      return wire satisfies never;
  }
}

/** The JSON texts of a stream's frames, or the one body. */
function messagesOf(reply: string): string[] {
  if (reply.trimStart().startsWith('['))
    return z
      .array(z.unknown())
      .parse(JSON.parse(reply))
      .map((one) => JSON.stringify(one));
  if (reply.trimStart().startsWith('{')) return [reply];
  return [...reply.matchAll(/^data: ?(\{.*\})\s*$/gm)].map((match) => match[1] ?? '');
}

function witnessChat(messages: Loose[]): Witnessed {
  let text = '';
  const calls: string[] = [];
  let counts: Counts | null = null;
  for (const message of messages) {
    for (const choice of message.choices ?? []) {
      if ((choice.index ?? 0) !== 0) continue;
      const said = choice.message ?? choice.delta ?? {};
      text += said.content ?? '';
      for (const call of said.tool_calls ?? []) {
        const name = call.function?.name ?? call.custom?.name;
        if (name) calls.push(name);
      }
      if (said.function_call?.name) calls.push(said.function_call.name);
    }
    const usage = message.usage;
    if (usage?.prompt_tokens === undefined) continue;
    // Some servers leave their thoughts out of the completion and show them in the total only.
    const hidden = Math.max(0, (usage.total_tokens ?? 0) - usage.prompt_tokens - (usage.completion_tokens ?? 0));
    counts = {
      prompt: usage.prompt_tokens,
      cacheRead: usage.prompt_tokens_details?.cached_tokens ?? usage.num_cached_tokens ?? 0,
      output: (usage.completion_tokens ?? 0) + hidden,
      reasoning: Math.max(usage.completion_tokens_details?.reasoning_tokens ?? 0, hidden),
    };
  }
  return { text, calls, counts };
}

function witnessResponses(messages: Loose[]): Witnessed {
  const whole = messages
    .map((message) => message.response ?? message)
    .findLast(({ output }: Loose) => Array.isArray(output));
  const items = whole?.output ?? [];
  let text = '';
  const calls: string[] = [];
  for (const item of items) {
    if (item.type === 'message') for (const part of item.content) text += part.type === 'output_text' ? part.text : '';
    if (item.type === 'function_call' || item.type === 'custom_tool_call') calls.push(item.name);
  }
  const usage = whole?.usage;
  const counts = usage
    ? {
        prompt: usage.input_tokens,
        cacheRead: usage.input_tokens_details?.cached_tokens ?? 0,
        output: usage.output_tokens,
        reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
      }
    : null;
  return { text, calls, counts };
}

function witnessMessages(messages: Loose[]): Witnessed {
  let text = '';
  const calls: string[] = [];
  let usage: Loose | null = null;
  for (const message of messages) {
    const blocks = [...(message.content ?? []), ...(message.content_block ? [message.content_block] : [])];
    for (const block of blocks) {
      if (block.type === 'text') text += block.text ?? '';
      if (block.type === 'tool_use') calls.push(block.name);
    }
    if (message.delta?.type === 'text_delta') text += message.delta.text;
    const told = message.usage ?? message.message?.usage;
    if (told)
      usage = {
        ...(usage ?? {}),
        ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null)),
      };
  }
  // Summaries that were made on the way are counted in a leg of their own only.
  const legs = [usage ?? {}, ...(usage?.iterations ?? []).filter(({ type }: Loose) => type === 'compaction')];
  const sum = (key: string): number => legs.reduce((total, leg) => total + (leg[key] ?? 0), 0);
  const cacheRead = sum('cache_read_input_tokens');
  const counts = usage
    ? {
        prompt: sum('input_tokens') + cacheRead + sum('cache_creation_input_tokens'),
        cacheRead,
        output: sum('output_tokens'),
        reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
      }
    : null;
  return { text, calls, counts };
}

function witnessGenerate(messages: Loose[]): Witnessed {
  let text = '';
  const calls: string[] = [];
  let counts: Counts | null = null;
  for (const message of messages) {
    for (const part of message.candidates?.[0]?.content?.parts ?? []) {
      if (part.thought !== true) text += part.text ?? '';
      if (part.functionCall?.name) calls.push(part.functionCall.name);
    }
    const usage = message.usageMetadata;
    if (!usage) continue;
    const thoughts = usage.thoughtsTokenCount ?? 0;
    counts = {
      prompt: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
      cacheRead: usage.cachedContentTokenCount ?? 0,
      output: (usage.candidatesTokenCount ?? 0) + thoughts,
      reasoning: thoughts,
    };
  }
  return { text, calls, counts };
}
