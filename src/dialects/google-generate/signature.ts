/**
 * Stands for a signature we do not have, as after a change of provider: Gemini 3 refuses a replayed call without one.
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export const NO_SIGNATURE = 'skip_thought_signature_validator';
