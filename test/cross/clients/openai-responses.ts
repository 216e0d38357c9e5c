import OpenAI from 'openai';
import type { Conversation, Step } from '../conversations.ts';
import { type Client, droppedOf, type Finish, type Heard, type Line, parseArguments } from '../talk.ts';

type Item = OpenAI.Responses.ResponseInputItem;
type Request = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Response = OpenAI.Responses.Response;

/** OpenAI's SDK and its newer endpoint, in the form that keeps nothing at the server. */
export const openaiResponsesClient: Client = {
  id: 'openai (responses)',
  sdk: 'openai',
  dialect: 'openai-responses',
  marksErrors: false,
  unsayable: {
    'stop-sequence': 'Responses has no field for stop sequences.',
    'several-answers': 'Responses has no field for several answers.',
  },
  open(line) {
    const openai = new OpenAI({ baseURL: `${line.url}/v1`, apiKey: line.key, maxRetries: 0 });
    const input: Item[] = [];

    async function ask(step: Step): Promise<Heard> {
      const request = requestOf(line, [...input], step);
      const { response, headers } = line.isStreamed ? await stream(openai, request) : await whole(openai, request);
      input.push(...(response.output as Item[]));
      return hear(response, headers);
    }

    return {
      say: (step) => {
        input.push({ role: 'user', content: contentOf(step) });
        return ask(step);
      },
      answer: (answers, step) => {
        for (const { id, text } of answers) input.push({ type: 'function_call_output', call_id: id, output: text });
        return ask(step);
      },
    };
  },
};

function requestOf({ model, conversation }: Line, input: Item[], step: Step): Request {
  const { system, thinks, maxTokens, schema } = conversation;
  return {
    model,
    input,
    store: false,
    ...(system ? { instructions: system } : {}),
    ...toolsOf(conversation, step),
    ...(schema ? { text: { format: { type: 'json_schema', name: 'answer', strict: true, schema } } } : {}),
    ...(thinks
      ? {
          reasoning: { effort: 'medium' as const, summary: 'auto' as const },
          include: ['reasoning.encrypted_content' as const],
        }
      : {}),
    ...(maxTokens ? { max_output_tokens: maxTokens } : {}),
  };
}

function toolsOf({ tools }: Conversation, { toolChoice }: Step): Partial<Request> {
  if (!tools) return {};
  return {
    tools: tools.map((tool) => ({ type: 'function', strict: true, ...tool })),
    ...(toolChoice === undefined
      ? {}
      : { tool_choice: toolChoice === 'none' ? toolChoice : { type: 'function', ...toolChoice } }),
  };
}

function contentOf({ say = '', attach }: Step): string | OpenAI.Responses.ResponseInputContent[] {
  if (!attach) return say;
  const url = `data:${attach.mediaType};base64,${attach.base64}`;
  return [
    { type: 'input_text', text: say },
    attach.kind === 'image'
      ? { type: 'input_image', image_url: url, detail: 'auto' }
      : { type: 'input_file', filename: 'page.pdf', file_data: url },
  ];
}

async function whole(openai: OpenAI, request: Request) {
  const { data, response } = await openai.responses.create(request).withResponse();
  return { response: data, headers: response.headers };
}

async function stream(openai: OpenAI, request: Request) {
  const { data, response } = await openai.responses.create({ ...request, stream: true }).withResponse();
  let last: Response | undefined;
  for await (const event of data) {
    if (event.type === 'response.completed' || event.type === 'response.incomplete') last = event.response;
    if (event.type === 'response.failed') throw new Error(event.response.error?.message ?? 'The response failed.');
  }
  if (!last) throw new Error('The stream ended without a response.');
  return { response: last, headers: response.headers };
}

function hear(response: Response, headers: Headers): Heard {
  const { output, usage } = response;
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const text = parts.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
  const calls = output.flatMap((item) =>
    item.type === 'function_call' ? { id: item.call_id, name: item.name, args: parseArguments(item.arguments) } : [],
  );
  const summaries = output.flatMap((item) => (item.type === 'reasoning' ? item.summary : []));
  return {
    text,
    thoughts: summaries.map((summary) => summary.text).join(''),
    calls,
    finish: finishOf(response, {
      hasCalls: calls.length > 0,
      hasRefusal: parts.some(({ type }) => type === 'refusal'),
    }),
    usage: {
      input: usage?.input_tokens ?? 0,
      output: usage?.output_tokens ?? 0,
      reasoning: usage?.output_tokens_details.reasoning_tokens ?? 0,
    },
    answers: [text],
    dropped: droppedOf(headers.get('x-gateway-dropped')),
  };
}

function finishOf(
  { status, incomplete_details }: Response,
  { hasCalls, hasRefusal }: { hasCalls: boolean; hasRefusal: boolean },
): Finish {
  if (hasRefusal || incomplete_details?.reason === 'content_filter') return 'refusal';
  if (incomplete_details?.reason === 'max_output_tokens') return 'length';
  if (status !== 'completed') return 'other';
  return hasCalls ? 'tool-calls' : 'stop';
}
