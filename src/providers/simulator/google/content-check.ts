import type { JsonObject } from '../../../lib/json.ts';
import type { Reply } from '../call.ts';
import { objectOf, textOf } from '../read.ts';
import { isSignatureOf } from '../signature.ts';
import { invalidArgument } from './error.ts';
import { fieldOf } from './fields.ts';
import { partsOf } from './request.ts';

const ROLES = ['', 'user', 'model', 'function'];
const PART_KINDS = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
];
/** Google's documented stand-ins for calls that another model made. */
const EXEMPT_SIGNATURES = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];

/** What Google would refuse in a conversation; `null` when it would answer. */
export function checkContents(contents: JsonObject[], model: string): Reply | null {
  if (contents.length === 0) return invalidArgument('* GenerateContentRequest.contents: contents is not specified\n');
  for (const [index, content] of contents.entries()) {
    if (!ROLES.includes(textOf(content.role))) return invalidArgument('Please use a valid role: user, model.');
    const parts = partsOf(content);
    if (parts.length === 0) {
      return invalidArgument(`* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.\n`);
    }
    const empty = parts.findIndex((part) => PART_KINDS.every((kind) => fieldOf(part, kind) === undefined));
    if (empty !== -1) {
      const at = `contents[${index}].parts[${empty}]`;
      return invalidArgument(
        `* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field\n`,
      );
    }
  }
  return checkCallTurns(contents) ?? (/^gemini-[3-9]/.test(model) ? checkSignatures(contents) : null);
}

/** A turn that calls follows a user's; the next turn answers every call of it. */
function checkCallTurns(contents: JsonObject[]): Reply | null {
  for (const [index, content] of contents.entries()) {
    // A model's turn may hold the answer to its own call, where another service has run it.
    const answered = content.role === 'model' ? countParts(content, 'functionResponse') : 0;
    const calls = countParts(content, 'functionCall') - answered;
    const next = contents[index + 1];
    const answers = next?.role === 'model' ? 0 : countParts(next, 'functionResponse');
    if (calls > 0 && (index === 0 || contents[index - 1]?.role === 'model')) {
      return invalidArgument(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      );
    }
    if (calls === 0 && (answers > 0 || (index === 0 && countParts(content, 'functionResponse') > answered))) {
      return invalidArgument('Please ensure that function response turn comes immediately after a function call turn.');
    }
    if (calls !== answers) {
      return invalidArgument(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      );
    }
  }
  return null;
}

/** In the turn under way, the first call of each step must carry its signature. https://ai.google.dev/gemini-api/docs/thought-signatures */
function checkSignatures(contents: JsonObject[]): Reply | null {
  const start = contents.findLastIndex(
    (content) => content.role !== 'model' && countParts(content, 'functionResponse') === 0,
  );
  for (const [index, content] of contents.entries()) {
    const call = partsOf(content).find((part) => fieldOf(part, 'functionCall') !== undefined);
    if (!call || index < start) continue;
    const signature = textOf(fieldOf(call, 'thoughtSignature'));
    const name = textOf(objectOf(fieldOf(call, 'functionCall')).name);
    if (EXEMPT_SIGNATURES.includes(signature) || isSignatureOf('google', name, signature)) continue;
    return invalidArgument(
      'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing ' +
        `thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\` , position ` +
        `${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
    );
  }
  return null;
}

function countParts(content: JsonObject | undefined, kind: string): number {
  return content ? partsOf(content).filter((part) => fieldOf(part, kind) !== undefined).length : 0;
}
