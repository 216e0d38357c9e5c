import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import {
  generateText,
  jsonSchema,
  type LanguageModel,
  type ModelMessage,
  Output,
  streamText,
  type ToolSet,
  tool,
} from 'ai';
import type { Step, ToolSpec } from '../conversations.ts';
import { type Client, droppedOf, type Finish, type Heard, type Line } from '../talk.ts';

type Settings = Parameters<typeof generateText>[0];
type Result = Awaited<ReturnType<typeof generateText>>;

const ONE_ANSWER = 'The AI SDK asks for one answer at a time.';

/** Vercel's AI SDK over each of the providers it has. */
export const aiSdkClients: Client[] = [
  create({
    id: 'ai-sdk (openai chat)',
    sdk: '@ai-sdk/openai',
    dialect: 'openai-chat',
    marksErrors: false,
    modelOf: ({ url, key, model }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).chat(model),
    // It would not send an effort for a model whose name it does not know.
    settings: ({ conversation }) =>
      conversation.thinks ? { providerOptions: { openai: { forceReasoning: true, reasoningEffort: 'medium' } } } : {},
    blindTo: { refusal: 'This SDK does not read `message.refusal`, and OpenAI ends a refusal with `stop`.' },
  }),
  create({
    id: 'ai-sdk (openai responses)',
    sdk: '@ai-sdk/openai',
    dialect: 'openai-responses',
    marksErrors: false,
    modelOf: ({ url, key, model }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).responses(model),
    settings: ({ conversation }) => ({
      providerOptions: {
        openai: { store: false, ...(conversation.thinks ? { forceReasoning: true, reasoningEffort: 'medium' } : {}) },
      },
    }),
    unsayable: { 'stop-sequence': 'Responses has no field for stop sequences.' },
    blindTo: { refusal: 'This SDK does not read parts of the type `refusal`.' },
  }),
  create({
    id: 'ai-sdk (anthropic)',
    sdk: '@ai-sdk/anthropic',
    dialect: 'anthropic-messages',
    marksErrors: true,
    modelOf: ({ url, key, model }) => createAnthropic({ baseURL: `${url}/v1`, apiKey: key })(model),
    settings: ({ conversation, thinksBy }) => ({
      providerOptions: {
        anthropic: {
          structuredOutputMode: 'outputFormat',
          ...(conversation.thinks
            ? { thinking: thinksBy === 'budget' ? { type: 'enabled', budgetTokens: 2048 } : { type: 'adaptive' } }
            : {}),
        },
      },
    }),
  }),
  create({
    id: 'ai-sdk (google)',
    sdk: '@ai-sdk/google',
    dialect: 'google-generate',
    marksErrors: true,
    modelOf: ({ url, key, model }) => createGoogle({ baseURL: `${url}/v1beta`, apiKey: key })(model),
    settings: ({ conversation, thinksBy }) =>
      conversation.thinks
        ? {
            providerOptions: {
              google: {
                thinkingConfig: {
                  includeThoughts: true,
                  ...(thinksBy === 'budget' ? { thinkingBudget: 2048 } : { thinkingLevel: 'medium' }),
                },
              },
            },
          }
        : {},
  }),
];

interface Kind extends Omit<Client, 'open'> {
  modelOf(line: Line): LanguageModel;
  settings(line: Line): Partial<Settings>;
}

function create({ modelOf, settings, unsayable, ...about }: Kind): Client {
  return {
    ...about,
    unsayable: { ...unsayable, 'several-answers': ONE_ANSWER },
    open(line) {
      const messages: ModelMessage[] = [];

      async function ask(step: Step): Promise<Heard> {
        const request = {
          model: modelOf(line),
          messages,
          maxRetries: 0,
          ...requestOf(line, step),
          ...settings(line),
        } as Settings;
        const result = line.isStreamed ? await stream(request) : await generateText(request);
        messages.push(...result.responseMessages);
        return hear(result);
      }

      return {
        say: (step) => {
          messages.push({ role: 'user', content: contentOf(step) });
          return ask(step);
        },
        answer: (answers, step) => {
          const content = answers.map(({ id, name, text, isError }) => ({
            type: 'tool-result' as const,
            toolCallId: id,
            toolName: name,
            output: { type: isError ? ('error-text' as const) : ('text' as const), value: text },
          }));
          messages.push({ role: 'tool', content });
          return ask(step);
        },
      };
    },
  };
}

function requestOf({ conversation }: Line, { toolChoice }: Step): Partial<Settings> {
  const { system, tools, maxTokens, stop, schema } = conversation;
  return {
    ...(system ? { instructions: system } : {}),
    ...(tools ? { tools: toolsOf(tools) } : {}),
    ...(toolChoice
      ? { toolChoice: toolChoice === 'none' ? toolChoice : { type: 'tool', toolName: toolChoice.name } }
      : {}),
    ...(schema ? { output: Output.object({ schema: jsonSchema(schema) }) } : {}),
    ...(maxTokens ? { maxOutputTokens: maxTokens } : {}),
    ...(stop ? { stopSequences: stop } : {}),
  };
}

function toolsOf(tools: ToolSpec[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      tool({ description, inputSchema: jsonSchema(parameters) }),
    ]),
  );
}

function contentOf({ say = '', attach }: Step) {
  if (!attach) return say;
  const { mediaType, base64, kind } = attach;
  const file = { type: 'file' as const, mediaType, data: base64 };
  return [{ type: 'text' as const, text: say }, kind === 'pdf' ? { ...file, filename: 'page.pdf' } : file];
}

type Said = Pick<
  Result,
  'text' | 'reasoningText' | 'toolCalls' | 'finishReason' | 'usage' | 'response' | 'responseMessages'
>;

/** Throws the first error of the stream, which the SDK itself only reports. */
async function stream(request: Settings): Promise<Said> {
  const result = streamText({ ...request, onError: () => {} } as Parameters<typeof streamText>[0]);
  for await (const part of result.stream) if (part.type === 'error') throw part.error;
  const { text, reasoningText, toolCalls, finishReason, usage, response, responseMessages } = result;
  return {
    text: await text,
    reasoningText: await reasoningText,
    toolCalls: await toolCalls,
    finishReason: await finishReason,
    usage: await usage,
    response: await response,
    responseMessages: await responseMessages,
  };
}

function hear({ text, reasoningText, toolCalls, finishReason, usage, response }: Said): Heard {
  return {
    text,
    thoughts: reasoningText ?? '',
    calls: toolCalls.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, args: input })),
    finish: finishOf(finishReason, toolCalls.length),
    usage: {
      input: usage.inputTokens ?? 0,
      output: usage.outputTokens ?? 0,
      reasoning: usage.outputTokenDetails.reasoningTokens ?? 0,
    },
    answers: [text],
    dropped: droppedOf(response.headers?.['x-gateway-dropped']),
  };
}

function finishOf(reason: Result['finishReason'], calls: number): Finish {
  switch (reason) {
    case 'stop':
      return calls > 0 ? 'tool-calls' : 'stop';
    case 'length':
    case 'tool-calls':
      return reason;
    case 'content-filter':
      return 'refusal';
    default:
      return 'other';
  }
}
