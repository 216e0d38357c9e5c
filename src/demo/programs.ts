/** A pretend program: who it is, how it talks to the gateway, and what it asks. */
export interface Program {
  name: string;
  dialect: 'openai' | 'anthropic' | 'google';
  model: string;
  isStream: boolean;
  prompts: string[];
}

export const PROGRAMS: Program[] = [
  {
    name: 'support-bot',
    dialect: 'openai',
    model: 'auto',
    isStream: true,
    prompts: [
      'How do I reset my password?',
      'Where can I see my invoices?',
      'How do I reset my password?',
      'My parcel has not arrived. What now?',
      'Do you ship to Portugal?',
      'Translate "thank you for waiting" into Spanish.',
    ],
  },
  {
    name: 'code-assistant',
    dialect: 'anthropic',
    model: 'auto:quality',
    isStream: true,
    prompts: [
      'Write a TypeScript function that merges two sorted arrays without allocating more than the result.',
      'Find the race condition:\n```go\nvar n int\nfor i := 0; i < 10; i++ { go func() { n++ }() }\n```',
      'Prove that this scheduler never starves a task, or give a counter-example. Tasks have integer priorities that age by one on every tick; the highest runs.',
      'Rename this variable: `let d = new Date()`',
      'Design a schema for multi-tenant billing with proration, credits and tax, and explain how you would migrate to it without downtime.',
    ],
  },
  {
    name: 'nightly-summary',
    dialect: 'google',
    model: 'auto:cost',
    isStream: false,
    prompts: [
      'Summarise in one line: sales rose by 4 % in the north and fell by 2 % in the south.',
      'Sort these by date: 3 March, 1 January, 9 February.',
      'Summarise in one line: sales rose by 4 % in the north and fell by 2 % in the south.',
      'Extract the amounts: "we paid 12.50 for lunch and 30 for the taxi".',
    ],
  },
  {
    name: 'research-notebook',
    dialect: 'openai',
    model: 'auto:balanced',
    isStream: false,
    prompts: [
      'Derive the closed form of the sum of k·2^k for k from 1 to n.',
      'Which assumptions of the Black-Scholes model fail for illiquid assets, and what follows for delta hedging?',
      'What is the capital of Australia?',
      'Compare the mechanisms by which statins and PCSK9 inhibitors lower LDL cholesterol, with their limits in familial hypercholesterolaemia.',
    ],
  },
];
