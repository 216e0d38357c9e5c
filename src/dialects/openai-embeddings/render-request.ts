import type { EmbeddingInput, EmbeddingRequest } from '../../chat/embedding.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderedEmbeddings } from '../embedding-dialect.ts';

/** `encoding_format` is left out: numbers are every server's default, and some know nothing else. */
export function renderRequest({ inputs, extras }: EmbeddingRequest, model: string): RenderedEmbeddings {
  const dimensions = sharedDimensions(inputs);
  const body = withoutUndefined({ model, input: inputs.map((input) => renderInput(input, model)), dimensions });
  return { bodies: [body], shape: 'many', dropped: extras };
}

export function retarget(body: JsonObject, model: string): JsonObject {
  return { ...body, model };
}

function renderInput({ parts, param }: EmbeddingInput, model: string): string | number[] {
  const [first] = parts;
  if (parts.length === 1 && first?.type === 'tokens') return first.tokens;
  const texts = parts.map((part) => {
    if (part.type === 'text') return part.text;
    const name = part.type === 'tokens' ? 'a list of tokens' : `\`${part.name}\``;
    throw new GatewayError('unsupported', `The model "${model}" embeds text only; \`${param}\` holds ${name}.`, {
      param,
    });
  });
  return texts.join('\n');
}

/** One number holds for all inputs of a call here. */
function sharedDimensions(inputs: readonly EmbeddingInput[]): number | undefined {
  const [first] = inputs;
  const other = inputs.find(({ dimensions }) => dimensions !== first?.dimensions);
  if (!other) return first?.dimensions;
  const message =
    'This model gives all vectors of a call the same number of dimensions; ask for the others in a call of their own.';
  throw new GatewayError('unsupported', message, { param: other.param });
}
