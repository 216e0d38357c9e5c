import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import type { Reply } from '../call.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../read.ts';
import { checkContents } from './content-check.ts';
import { invalidArgument, unknownField } from './error.ts';
import { fieldOf, findUnknownField, snakeCase } from './fields.ts';
import { declarationsOf } from './request.ts';

const FIELDS = new Set(
  'model contents tools toolConfig safetySettings systemInstruction generationConfig cachedContent serviceTier store labels'.split(
    ' ',
  ),
);
const CONFIG_FIELDS = new Set(
  (
    'audioTimestamp audioTranscriptionConfig candidateCount enableAffectiveDialog enableEnhancedCivicAnswers ' +
    'frequencyPenalty imageConfig logprobs maxOutputTokens mediaResolution presencePenalty responseFormat ' +
    'responseJsonSchema _responseJsonSchema responseLogprobs responseMimeType responseModalities responseSchema seed ' +
    'speechConfig stopSequences temperature thinkingConfig topK topP translationConfig'
  ).split(' '),
);
/** Google's schemas are a part of OpenAPI's; what JSON Schema has beyond that belongs into the `…JsonSchema` fields. */
const SCHEMA_FIELDS = new Set(
  (
    'anyOf default description enum example format items maxItems maxLength maxProperties maximum minItems minLength ' +
    'minProperties minimum nullable pattern properties propertyOrdering required title type'
  ).split(' '),
);
const RANGES: [field: string, least: number, most: number][] = [
  ['temperature', 0, 2],
  ['topP', 0, 1],
  ['candidateCount', 1, 8],
  ['maxOutputTokens', 1, 1_000_000],
];
const MAX_STOP_SEQUENCES = 5;
const MAX_DEPTH = 32;

/** What Google would refuse in a request to generate content; `null` when it would answer. */
export function checkGenerateRequest(body: JsonObject, model: string): Reply | null {
  const unknown = findUnknownField(body, FIELDS);
  if (unknown !== undefined) return unknownField(unknown);
  const config = objectOf(fieldOf(body, 'generationConfig'));
  return (
    checkConfig(config) ??
    checkContents(objectsOf(body.contents), model) ??
    checkDeclarations(body) ??
    checkSchema(fieldOf(config, 'responseSchema'), 'generation_config.response_schema', 0) ??
    checkToolConfig(body) ??
    checkJsonMode(body, config, model)
  );
}

function checkConfig(config: JsonObject): Reply | null {
  const unknown = findUnknownField(config, CONFIG_FIELDS);
  if (unknown !== undefined) return unknownField(unknown, 'generation_config');
  for (const [field, least, most] of RANGES) {
    const value = numberOf(fieldOf(config, field));
    if (value === null || (value >= least && value <= most)) continue;
    const name = snakeCase(field);
    return invalidArgument(
      `* GenerateContentRequest.generation_config.${name}: ${name} must be in the range [${least}, ${most}].\n`,
    );
  }
  if (textsOf(fieldOf(config, 'stopSequences')).length > MAX_STOP_SEQUENCES) {
    return invalidArgument(
      `* GenerateContentRequest.generation_config.stop_sequences: at most ${MAX_STOP_SEQUENCES} are allowed.\n`,
    );
  }
  return null;
}

function checkDeclarations(body: JsonObject): Reply | null {
  for (const { at, declaration } of declarationsOf(body)) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(textOf(declaration.name))) {
      return invalidArgument(
        `* GenerateContentRequest.${at}.name: Invalid function name. Must start with a letter or an underscore. Must be alphameric ` +
          '(a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n',
      );
    }
    const problem = checkSchema(declaration.parameters, `${at}.parameters`, 0);
    if (problem) return problem;
  }
  return null;
}

function checkSchema(schema: unknown, at: string, depth: number): Reply | null {
  if (!isJsonObject(schema)) return null;
  if (depth > MAX_DEPTH) return invalidArgument(`Schema at '${at}' is nested too deeply.`);
  const unknown = findUnknownField(schema, SCHEMA_FIELDS);
  if (unknown !== undefined) return unknownField(unknown, at);
  const parts: [string, unknown][] = [
    ...Object.entries(objectOf(schema.properties)).map(([name, part]): [string, unknown] => [
      `properties['${name}']`,
      part,
    ]),
    ['items', schema.items],
    ...objectsOf(fieldOf(schema, 'anyOf')).map((part, index): [string, unknown] => [`any_of[${index}]`, part]),
  ];
  for (const [name, part] of parts) {
    const problem = checkSchema(part, `${at}.${name}`, depth + 1);
    if (problem) return problem;
  }
  return null;
}

function checkToolConfig(body: JsonObject): Reply | null {
  const config = objectOf(fieldOf(objectOf(fieldOf(body, 'toolConfig')), 'functionCallingConfig'));
  const names = textsOf(fieldOf(config, 'allowedFunctionNames'));
  if (names.length === 0) return null;
  if (!['ANY', 'VALIDATED', 2].some((mode) => mode === config.mode)) {
    return invalidArgument(
      'Function calling config is set without function calling mode ANY: allowed_function_names needs it.',
    );
  }
  const declared = new Set(declarationsOf(body).map(({ declaration }) => declaration.name));
  const unknown = names.find((name) => !declared.has(name));
  if (unknown === undefined) return null;
  return invalidArgument(
    `* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: "${unknown}" is not declared.\n`,
  );
}

/** Until Gemini 3, JSON mode and functions excluded each other. */
function checkJsonMode(body: JsonObject, config: JsonObject, model: string): Reply | null {
  if (!/^gemini-[12]/.test(model) || declarationsOf(body).length === 0) return null;
  if (fieldOf(config, 'responseMimeType') !== 'application/json') return null;
  return invalidArgument("Function calling with a response mime type: 'application/json' is unsupported");
}
