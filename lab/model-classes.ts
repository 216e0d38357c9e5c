/** Quality classes of models, weakest first. The heads tell for each of them how likely it fails. */
export const MODEL_CLASSES = ['small', 'medium', 'large', 'frontier'] as const;
export type ModelClass = (typeof MODEL_CLASSES)[number];

/*
 * By what the models reach across all sets, not by their makers' words; the first pattern that matches counts. The models
 * are those of 2023 and 2024 whose outcomes are public; what a class means for today's models is the router's business.
 */
const PATTERNS: readonly [RegExp, ModelClass][] = [
  [/gpt-4o-mini|flash|haiku-20241022|claude-3-sonnet|reka|o1-mini-(low|free)/i, 'large'],
  [/gpt-3\.5|claude-3-haiku|mistral-nemo|mixtral-8x7b|mathstral|phi-3/i, 'medium'],
  [
    /gpt-4|gpt-5|o1-|o3|sonnet|opus|gemini-[\d.]+-pro|405b|mistral-large|grok|chatgpt|athene|deepseek-(v2\.5|v3|chat|r1)/i,
    'frontier',
  ],
  [/llama-?2-70b|(^|[^\d])(34b|32b|27b|30b)|command-r(?!-plus)/i, 'medium'],
  [/70b|72b|110b|51b|49b|8x22b|command-r-plus|jamba|deepseek|yi-large|super/i, 'large'],
  [/(llama-?3[._]?1?-8b|3\.1-8b|llama-3-8b).*inst|gemma-2-9b|qwen2(\.5)?-7b|yi-1\.5-9b/i, 'medium'],
];

/** The class of a model by its name; `small` for one that nothing is known of. */
export function modelClassOf(name: string): ModelClass {
  return PATTERNS.find(([pattern]) => pattern.test(name))?.[1] ?? 'small';
}

/** Models that fail whole tasks on the format of their answers, so that their outcomes say little about the prompts. */
export function isMisjudged(name: string): boolean {
  return /chatqa|codegemma/i.test(name);
}
