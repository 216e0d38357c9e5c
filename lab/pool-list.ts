/** Models of one set that a router may choose from, with the prices of their time in dollars a million tokens. */
export interface Pool {
  name: string;
  title: string;
  sets: string[];
  prices: Record<string, { input: number; output: number }>;
}

const at = (input: number, output = input) => ({ input, output });

export const POOLS: readonly Pool[] = [
  {
    name: 'llmrouter',
    title: 'LLMRouter, 9 models, 14 tasks',
    sets: ['llmrouter_dc'],
    // The prices the authors list beside the set.
    prices: {
      'llama3-chatqa-1.5-8b': at(0.2),
      'qwen2.5-7b-instruct': at(0.2),
      'llama3-chatqa-1.5-70b': at(0.9),
      'llama-3.1-nemotron-51b-instruct': at(0.9),
      'mistral-7b-instruct-v0.3': at(0.2),
      'gemma-2-9b-it': at(0.1),
      'llama-3.1-8b-instruct': at(0.2),
      'codegemma-7b': at(0.2),
      'llama-3.3-nemotron-super-49b-v1': at(0.9),
    },
  },
  {
    name: 'mmlu-pro',
    title: 'MMLU-Pro, 4 models',
    sets: ['mmlu_pro'],
    prices: {
      'gemini-1.5-pro-002': at(1.25, 5),
      'gemini-1.5-flash-002': at(0.075, 0.3),
      'Meta-Llama-3_1-70B-Instruct': at(0.88),
      'Meta-Llama-3_1-8B-Instruct': at(0.18),
    },
  },
  {
    name: 'zeroeval',
    title: 'ZeroEval GSM, MATH-5 and CRUX, 6 models',
    sets: ['zeroeval_gsm', 'zeroeval_math_l5', 'zeroeval_crux'],
    prices: {
      'o1-mini-2024-09-12': at(3, 12),
      'gpt-4o-2024-08-06': at(2.5, 10),
      'gpt-4o-mini-2024-07-18': at(0.15, 0.6),
      'claude-3-5-sonnet-20240620': at(3, 15),
      'claude-3-haiku-20240307': at(0.25, 1.25),
      'gemini-1.5-flash': at(0.075, 0.3),
    },
  },
];
