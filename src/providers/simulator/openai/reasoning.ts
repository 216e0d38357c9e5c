/** Tokens by effort; OpenAI counts its reasoning in blocks of 64. */
const TOKENS_BY_EFFORT = new Map([
  ['none', 0],
  ['minimal', 0],
  ['low', 64],
  ['medium', 192],
  ['high', 448],
  ['xhigh', 832],
  ['max', 1600],
]);

/** Whether a model of this name reasons, as far as a name can tell. */
export function isReasoningModel(model: string): boolean {
  return /^(?:o[1-9]|gpt-5)/.test(model) && !model.includes('chat');
}

/** How many tokens the model reasons for. A model that does not reason does so when it is asked to all the same. */
export function thinkingTokensOf(model: string, effort: string): number {
  return TOKENS_BY_EFFORT.get(effort) ?? (isReasoningModel(model) ? 128 : 0);
}
