import Anthropic from '@anthropic-ai/sdk';
import type { Conversation, Step } from '../conversations.ts';
import { type Client, droppedOf, type Finish, type Heard, type Line } from '../talk.ts';

type Request = Anthropic.MessageCreateParamsNonStreaming;
type Message = Anthropic.Message;

const MAX_TOKENS = 8000;

/** Anthropic's SDK. */
export const anthropicClient: Client = {
  id: 'anthropic',
  sdk: '@anthropic-ai/sdk',
  dialect: 'anthropic-messages',
  marksErrors: true,
  unsayable: { 'several-answers': 'Messages has no field for several answers.' },
  open(line) {
    const anthropic = new Anthropic({ baseURL: line.url, apiKey: line.key, maxRetries: 0 });
    const messages: Anthropic.MessageParam[] = [];

    async function ask(step: Step): Promise<Heard> {
      const request = requestOf(line, messages, step);
      const { message, headers } = line.isStreamed ? await stream(anthropic, request) : await whole(anthropic, request);
      // An answer without content cannot be sent back: Anthropic refuses an empty turn in the middle.
      messages.push({ role: 'assistant', content: message.content.length > 0 ? message.content : '(nothing)' });
      return hear(message, headers);
    }

    return {
      say: (step) => {
        messages.push({ role: 'user', content: contentOf(step) });
        return ask(step);
      },
      answer: (answers, step) => {
        const content = answers.map(({ id, text, isError }) => ({
          type: 'tool_result' as const,
          tool_use_id: id,
          content: text,
          ...(isError ? { is_error: true } : {}),
        }));
        messages.push({ role: 'user', content });
        return ask(step);
      },
    };
  },
};

function requestOf({ model, conversation, thinksBy }: Line, messages: Anthropic.MessageParam[], step: Step): Request {
  const { system, thinks, maxTokens, stop, schema } = conversation;
  return {
    model,
    max_tokens: maxTokens ?? MAX_TOKENS,
    messages: [...messages],
    ...(system ? { system } : {}),
    ...toolsOf(conversation, step),
    ...(schema ? { output_config: { format: { type: 'json_schema' as const, schema } } } : {}),
    ...(thinks ? { thinking: thinkingOf(thinksBy) } : {}),
    ...(stop ? { stop_sequences: stop } : {}),
  };
}

function thinkingOf(thinksBy: Line['thinksBy']): Anthropic.ThinkingConfigParam {
  return thinksBy === 'budget' ? { type: 'enabled', budget_tokens: 2048 } : { type: 'adaptive' };
}

function toolsOf({ tools }: Conversation, { toolChoice }: Step): Partial<Request> {
  if (!tools) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      name,
      description,
      input_schema: parameters as Anthropic.Tool.InputSchema,
    })),
    ...(toolChoice === undefined
      ? {}
      : { tool_choice: toolChoice === 'none' ? { type: 'none' } : { type: 'tool', ...toolChoice } }),
  };
}

function contentOf({ say = '', attach }: Step): string | Anthropic.ContentBlockParam[] {
  if (!attach) return say;
  const { kind, mediaType, base64 } = attach;
  const source = { type: 'base64' as const, data: base64 };
  return [
    kind === 'image'
      ? { type: 'image', source: { ...source, media_type: mediaType as 'image/png' } }
      : { type: 'document', source: { ...source, media_type: 'application/pdf' } },
    { type: 'text', text: say },
  ];
}

async function whole(anthropic: Anthropic, request: Request) {
  const { data, response } = await anthropic.messages.create(request).withResponse();
  return { message: data, headers: response.headers };
}

async function stream(anthropic: Anthropic, request: Request) {
  const running = anthropic.messages.stream(request);
  const { response } = await running.withResponse();
  return { message: await running.finalMessage(), headers: response.headers };
}

function hear({ content, stop_reason, usage }: Message, headers: Headers): Heard {
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  return {
    text,
    thoughts: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? { id: block.id, name: block.name, args: block.input } : [],
    ),
    finish: finishOf(stop_reason),
    usage: {
      input: usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    answers: [text],
    dropped: droppedOf(headers.get('x-gateway-dropped')),
  };
}

function finishOf(reason: Message['stop_reason']): Finish {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
      return 'length';
    case 'tool_use':
      return 'tool-calls';
    case 'refusal':
      return 'refusal';
    default:
      return 'other';
  }
}
