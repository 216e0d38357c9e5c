import type { JsonObject } from '../../../lib/json.ts';
import { type Segment, segment } from '../prompt-memory.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../read.ts';
import type { Ask, AskedTool, AskedToolChoice } from '../script/ask.ts';
import { spokenText } from '../script/spoken.ts';
import { fieldOf } from './fields.ts';

const MODES = ['', 'AUTO', 'ANY', 'NONE'];
const TOKENS_BY_LEVEL = new Map([
  ['minimal', 0],
  ['low', 60],
  ['medium', 120],
  ['high', 200],
]);
const USUAL_THINKING = 96;

/** Reads a request to generate content that has passed the checks. */
export function readGenerateRequest(body: JsonObject, { model, stream }: { model: string; stream: boolean }): Ask {
  const contents = objectsOf(body.contents);
  const config = objectOf(fieldOf(body, 'generationConfig'));
  const tools = readTools(body);
  return {
    model,
    stream,
    segments: readSegments(body),
    userText: readUserText(contents),
    toolResults: readToolResults(contents),
    tools,
    toolChoice: readToolChoice(body, tools),
    isParallel: true,
    talksBeforeCalls: false,
    output: readOutput(config),
    thinking: readThinking(config, model),
    maxTokens: numberOf(fieldOf(config, 'maxOutputTokens')),
    stop: textsOf(fieldOf(config, 'stopSequences')),
    choices: Math.min(numberOf(fieldOf(config, 'candidateCount')) ?? 1, 8),
  };
}

/** The prompt in the order a cache of prefixes sees it. */
export function readSegments(body: JsonObject): Segment[] {
  const system = fieldOf(body, 'systemInstruction');
  const parts = [...objectsOf(body.tools), ...(system === undefined ? [] : [system]), ...objectsOf(body.contents)];
  return parts.map((part) => segment(part));
}

/** The parts of a content; a single part may stand without its list. */
export function partsOf({ parts }: JsonObject): JsonObject[] {
  return Array.isArray(parts) ? objectsOf(parts) : objectsOf([parts]);
}

/** All functions a request declares, with where they stand in it. */
export function declarationsOf(body: JsonObject): { at: string; declaration: JsonObject }[] {
  return objectsOf(body.tools).flatMap((tool, index) =>
    objectsOf(fieldOf(tool, 'functionDeclarations')).map((declaration, place) => ({
      at: `tools[${index}].function_declarations[${place}]`,
      declaration,
    })),
  );
}

function readTools(body: JsonObject): AskedTool[] {
  return declarationsOf(body).map(({ declaration }) => ({
    name: textOf(declaration.name),
    schema: objectOf(fieldOf(declaration, 'parametersJsonSchema') ?? declaration.parameters),
  }));
}

function readUserText(contents: JsonObject[]): string {
  const texts = contents
    .filter(({ role }) => role !== 'model')
    .map((content) => partsOf(content).filter(({ text }) => typeof text === 'string'));
  const last = texts.findLast((parts) => parts.length > 0) ?? [];
  return spokenText(last.map(({ text }) => textOf(text)));
}

function readToolResults(contents: JsonObject[]): Ask['toolResults'] {
  const last = contents.at(-1);
  if (!last) return [];
  return partsOf(last)
    .map((part) => fieldOf(part, 'functionResponse'))
    .filter((response) => response !== undefined)
    .map((given) => {
      const { name, response } = objectOf(given);
      const { result, output, error } = objectOf(response);
      const value = result ?? output ?? error ?? response;
      return { name: textOf(name), text: typeof value === 'string' ? value : JSON.stringify(value ?? null) };
    });
}

function readToolChoice(body: JsonObject, tools: readonly AskedTool[]): AskedToolChoice {
  const { mode, ...rest } = objectOf(fieldOf(objectOf(fieldOf(body, 'toolConfig')), 'functionCallingConfig'));
  const name = typeof mode === 'number' ? MODES[mode] : mode;
  if (name === 'NONE') return { mode: 'none' };
  if (name !== 'ANY') return { mode: 'auto' };
  const allowed = textsOf(fieldOf(rest, 'allowedFunctionNames'));
  return { mode: 'forced', names: allowed.length > 0 ? allowed : tools.map((tool) => tool.name) };
}

function readOutput(config: JsonObject): Ask['output'] {
  if (fieldOf(config, 'responseMimeType') !== 'application/json') return { type: 'text' };
  const schema = fieldOf(config, 'responseJsonSchema') ?? fieldOf(config, 'responseSchema');
  return schema === undefined ? { type: 'json' } : { type: 'schema', schema: objectOf(schema) };
}

/** Models since 2.5 think unless they are told not to. */
function readThinking(config: JsonObject, model: string): Ask['thinking'] {
  const thinking = objectOf(fieldOf(config, 'thinkingConfig'));
  const budget = numberOf(fieldOf(thinking, 'thinkingBudget'));
  const level = TOKENS_BY_LEVEL.get(textOf(fieldOf(thinking, 'thinkingLevel')).toLowerCase());
  const usual = /^gemini-(?:2\.5|[3-9])/.test(model) ? USUAL_THINKING : 0;
  const tokens = budget === null || budget < 0 ? (level ?? usual) : Math.min(budget, USUAL_THINKING);
  return { tokens, isShown: fieldOf(thinking, 'includeThoughts') === true };
}
