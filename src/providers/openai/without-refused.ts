import type { JsonObject } from '../../lib/json.ts';
import type { Choice } from '../provider.ts';

/** What OpenAI's reasoning models answer with 400: https://platform.openai.com/docs/guides/reasoning */
const REFUSED = [
  ...[
    'temperature',
    'top_p',
    'presence_penalty',
    'frequency_penalty',
    'logit_bias',
    'logprobs',
    'top_logprobs',
    'stop',
  ],
];

/**
 * The body without what a reasoning model refuses, and with its output limit under the name it knows, where the gateway
 * chose the model. Who names a model is told by OpenAI itself what that model does not take.
 */
export function withoutRefused(body: JsonObject, choice: Choice | undefined): JsonObject {
  if (!choice?.isOurs || !choice.reasons) return body;
  const isPlain = !('max_tokens' in body) && !REFUSED.some((name) => name in body);
  if (isPlain) return body;
  const { max_tokens: limit, ...rest } = body;
  for (const name of REFUSED) delete rest[name];
  if (limit !== undefined && limit !== null) rest.max_completion_tokens ??= limit;
  return rest;
}
