import type { DialectId } from './talk.ts';

/** Who answers: a wire format, and models that are reached through it. */
export interface ProviderRow {
  id: string;
  dialect: DialectId;
  /** Answers what needs no thinking, and what does. */
  model: string;
  thinkingModel: string;
  thinksBy: 'budget' | 'adaptive';
  /** Absent = all conversations. */
  only?: readonly string[];
}

const THINKING = ['thinking', 'thinking-tools'];

/** Two rows more than there are dialects: their models replay thoughts by other rules. */
export const PROVIDERS: ProviderRow[] = [
  {
    id: 'openai (chat)',
    dialect: 'openai-chat',
    model: 'gpt-4.1-mini',
    thinkingModel: 'gpt-5.4-mini',
    thinksBy: 'adaptive',
  },
  {
    id: 'openai (responses)',
    dialect: 'openai-responses',
    model: 'gpt-5.3-codex',
    thinkingModel: 'gpt-5.3-codex',
    thinksBy: 'budget',
  },
  {
    id: 'anthropic',
    dialect: 'anthropic-messages',
    model: 'claude-haiku-4-5',
    thinkingModel: 'claude-haiku-4-5',
    thinksBy: 'budget',
  },
  {
    id: 'anthropic (adaptive)',
    dialect: 'anthropic-messages',
    model: 'claude-sonnet-5-5',
    thinkingModel: 'claude-sonnet-5-5',
    thinksBy: 'adaptive',
    only: THINKING,
  },
  {
    id: 'google',
    dialect: 'google-generate',
    model: 'gemini-3.5-flash-lite',
    thinkingModel: 'gemini-3.6-flash',
    thinksBy: 'adaptive',
  },
  {
    id: 'google (2.5)',
    dialect: 'google-generate',
    model: 'gemini-2.5-flash',
    thinkingModel: 'gemini-2.5-flash',
    thinksBy: 'budget',
    only: [...THINKING, 'tool-loop', 'parallel-tools'],
  },
];
