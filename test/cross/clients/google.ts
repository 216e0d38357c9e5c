import {
  type Content,
  type FunctionCallingConfigMode,
  type GenerateContentConfig,
  type GenerateContentParameters,
  GenerateContentResponse,
  GoogleGenAI,
  type Part,
  type ThinkingLevel,
} from '@google/genai';
import type { Conversation, Step } from '../conversations.ts';
import { type Client, droppedOf, type Finish, type Heard, type Line } from '../talk.ts';

const REFUSALS = ['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII', 'RECITATION'];

/** Google's SDK. */
export const googleClient: Client = {
  id: 'google',
  sdk: '@google/genai',
  dialect: 'google-generate',
  marksErrors: true,
  open(line) {
    const google = new GoogleGenAI({ apiKey: line.key, httpOptions: { baseUrl: line.url } });
    const contents: Content[] = [];

    async function ask(step: Step): Promise<Heard> {
      const request = { model: line.model, contents, config: configOf(line, step) };
      const response = line.isStreamed ? await stream(google, request) : await google.models.generateContent(request);
      const content = response.candidates?.[0]?.content;
      // Google refuses a turn without parts.
      contents.push(content?.parts?.length ? content : { role: 'model', parts: [{ text: '(nothing)' }] });
      return hear(response);
    }

    return {
      say: (step) => {
        contents.push({ role: 'user', parts: partsOf(step) });
        return ask(step);
      },
      answer: (answers, step) => {
        const parts = answers.map(({ id, name, text, isError }) => ({
          functionResponse: { ...(id ? { id } : {}), name, response: { [isError ? 'error' : 'output']: text } },
        }));
        contents.push({ role: 'user', parts });
        return ask(step);
      },
    };
  },
};

function configOf({ conversation, thinksBy }: Line, step: Step): GenerateContentConfig {
  const { system, thinks, maxTokens, stop, schema, answers } = conversation;
  const depth = thinksBy === 'budget' ? { thinkingBudget: 2048 } : { thinkingLevel: 'MEDIUM' as ThinkingLevel };
  return {
    ...(system ? { systemInstruction: system } : {}),
    ...toolsOf(conversation, step),
    ...(schema ? { responseMimeType: 'application/json', responseJsonSchema: schema } : {}),
    ...(thinks ? { thinkingConfig: { includeThoughts: true, ...depth } } : {}),
    ...(maxTokens ? { maxOutputTokens: maxTokens } : {}),
    ...(stop ? { stopSequences: stop } : {}),
    ...(answers ? { candidateCount: answers } : {}),
  };
}

function toolsOf({ tools }: Conversation, { toolChoice }: Step): GenerateContentConfig {
  if (!tools) return {};
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    description,
    parametersJsonSchema: parameters,
  }));
  if (toolChoice === undefined) return { tools: [{ functionDeclarations }] };
  const functionCallingConfig =
    toolChoice === 'none'
      ? { mode: 'NONE' as FunctionCallingConfigMode }
      : { mode: 'ANY' as FunctionCallingConfigMode, allowedFunctionNames: [toolChoice.name] };
  return { tools: [{ functionDeclarations }], toolConfig: { functionCallingConfig } };
}

function partsOf({ say = '', attach }: Step): Part[] {
  const media = attach ? [{ inlineData: { mimeType: attach.mediaType, data: attach.base64 } }] : [];
  return [...media, { text: say }];
}

/** The chunks of a stream put together, every part kept as it came, as a program must do that sends them back. */
async function stream(google: GoogleGenAI, request: GenerateContentParameters): Promise<GenerateContentResponse> {
  const joined = new GenerateContentResponse();
  for await (const chunk of await google.models.generateContentStream(request)) {
    if (chunk.sdkHttpResponse) joined.sdkHttpResponse = chunk.sdkHttpResponse;
    if (chunk.promptFeedback) joined.promptFeedback = chunk.promptFeedback;
    if (chunk.usageMetadata) joined.usageMetadata = chunk.usageMetadata;
    joined.candidates ??= [];
    for (const candidate of chunk.candidates ?? []) {
      const { index = 0, content } = candidate;
      const parts = [...(joined.candidates[index]?.content?.parts ?? []), ...(content?.parts ?? [])];
      joined.candidates[index] = { ...joined.candidates[index], ...candidate, content: { role: 'model', parts } };
    }
  }
  return joined;
}

function hear(response: GenerateContentResponse): Heard {
  const { candidates = [], usageMetadata: usage } = response;
  const parts = candidates[0]?.content?.parts ?? [];
  const calls = parts.flatMap(({ functionCall }) =>
    functionCall ? { id: functionCall.id ?? '', name: functionCall.name ?? '', args: functionCall.args } : [],
  );
  return {
    text: textOf(parts),
    thoughts: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    calls,
    finish: finishOf(response, calls.length),
    usage: {
      input: usage?.promptTokenCount ?? 0,
      output: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
      reasoning: usage?.thoughtsTokenCount ?? 0,
    },
    answers: candidates.map(({ content }) => textOf(content?.parts ?? [])),
    dropped: droppedOf(response.sdkHttpResponse?.headers?.['x-gateway-dropped']),
  };
}

function textOf(parts: Part[]): string {
  return parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join('');
}

function finishOf({ candidates, promptFeedback }: GenerateContentResponse, calls: number): Finish {
  if (promptFeedback?.blockReason) return 'refusal';
  const reason = `${candidates?.[0]?.finishReason}`;
  if (REFUSALS.includes(reason)) return 'refusal';
  if (reason === 'MAX_TOKENS') return 'length';
  if (reason !== 'STOP') return 'other';
  return calls > 0 ? 'tool-calls' : 'stop';
}
