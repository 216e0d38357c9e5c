import OpenAI from 'openai';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import type { Conversation, Step } from '../conversations.ts';
import { type Client, droppedOf, type Finish, type Heard, type Line, parseArguments } from '../talk.ts';

type Message = OpenAI.ChatCompletionMessageParam;
type Request = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>;
type Completion = OpenAI.ChatCompletion;

/** OpenAI's SDK and its older endpoint. */
export const openaiChatClient: Client = {
  id: 'openai (chat)',
  sdk: 'openai',
  dialect: 'openai-chat',
  marksErrors: false,
  open(line) {
    const openai = new OpenAI({ baseURL: `${line.url}/v1`, apiKey: line.key, maxRetries: 0 });
    const messages: Message[] = [];
    if (line.conversation.system) messages.push({ role: 'system', content: line.conversation.system });

    async function ask(step: Step): Promise<Heard> {
      const request = requestOf(line, messages, step);
      const { completion, headers } = line.isStreamed ? await stream(openai, request) : await whole(openai, request);
      const [choice] = completion.choices;
      if (choice) messages.push(choice.message);
      return hear(completion, headers);
    }

    return {
      say: (step) => {
        messages.push({ role: 'user', content: contentOf(step) });
        return ask(step);
      },
      answer: (answers, step) => {
        for (const { id, text } of answers) messages.push({ role: 'tool', tool_call_id: id, content: text });
        return ask(step);
      },
    };
  },
};

function requestOf({ model, conversation }: Line, messages: Message[], step: Step): Request {
  const { thinks, maxTokens, stop, answers } = conversation;
  return {
    model,
    messages,
    ...toolsOf(conversation, step),
    ...(conversation.schema
      ? {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: 'answer', strict: true, schema: conversation.schema },
          },
        }
      : {}),
    ...(thinks ? { reasoning_effort: 'medium' as const } : {}),
    ...(maxTokens ? { max_completion_tokens: maxTokens } : {}),
    ...(stop ? { stop } : {}),
    ...(answers ? { n: answers } : {}),
  };
}

function toolsOf({ tools }: Conversation, { toolChoice }: Step): Partial<Request> {
  if (!tools) return {};
  return {
    tools: tools.map((tool) => ({ type: 'function', function: tool })),
    ...(toolChoice === undefined
      ? {}
      : { tool_choice: toolChoice === 'none' ? toolChoice : { type: 'function', function: toolChoice } }),
  };
}

function contentOf({ say = '', attach }: Step): string | OpenAI.ChatCompletionContentPart[] {
  if (!attach) return say;
  const url = `data:${attach.mediaType};base64,${attach.base64}`;
  return [
    { type: 'text', text: say },
    attach.kind === 'image'
      ? { type: 'image_url', image_url: { url } }
      : { type: 'file', file: { filename: 'page.pdf', file_data: url } },
  ];
}

async function whole(openai: OpenAI, request: Request) {
  const { data, response } = await openai.chat.completions.create(request).withResponse();
  return { completion: data, headers: response.headers };
}

async function stream(openai: OpenAI, request: Request) {
  const streamed = { ...request, stream: true as const, stream_options: { include_usage: true } };
  const { data, response } = await openai.chat.completions.create(streamed).withResponse();
  const running = ChatCompletionStream.fromReadableStream(data.toReadableStream());
  return { completion: await running.finalChatCompletion(), headers: response.headers };
}

function hear({ choices, usage }: Completion, headers: Headers): Heard {
  const [first] = choices;
  const calls = (first?.message.tool_calls ?? []).flatMap((call) =>
    call.type === 'function'
      ? { id: call.id, name: call.function.name, args: parseArguments(call.function.arguments) }
      : [],
  );
  const message = first?.message as { reasoning_content?: string } | undefined;
  return {
    text: first?.message.content ?? '',
    thoughts: message?.reasoning_content ?? '',
    calls,
    finish: finishOf(first, calls.length),
    usage: {
      input: usage?.prompt_tokens ?? 0,
      output: usage?.completion_tokens ?? 0,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    },
    answers: choices.map(({ message: { content } }) => content ?? ''),
    dropped: droppedOf(headers.get('x-gateway-dropped')),
  };
}

function finishOf(choice: Completion['choices'][number] | undefined, calls: number): Finish {
  if (choice?.message.refusal || choice?.finish_reason === 'content_filter') return 'refusal';
  switch (choice?.finish_reason) {
    case 'length':
      return 'length';
    case 'tool_calls':
      return 'tool-calls';
    // A call that was forced by name ends like this at OpenAI.
    case 'stop':
      return calls > 0 ? 'tool-calls' : 'stop';
    default:
      return 'other';
  }
}
