import type { JsonObject } from '../../../lib/json.ts';
import type { Segment } from '../prompt-memory.ts';

/** What the script has to know of a request to answer it, whatever wire it came over. */
export interface Ask {
  model: string;
  stream: boolean;
  /** The whole prompt in the order the vendor reads it, cut wherever a prompt cache could cut it. */
  segments: Segment[];
  /** What the user said last, in words. */
  userText: string;
  /** Answers of tools that end the conversation; empty when the user has the last word. */
  toolResults: { name: string; text: string }[];
  tools: AskedTool[];
  toolChoice: AskedToolChoice;
  /** Whether several tools may be called at once. */
  isParallel: boolean;
  /** Whether this vendor's models say a word before they call a tool. */
  talksBeforeCalls: boolean;
  output: { type: 'text' } | { type: 'json' } | { type: 'schema'; schema: JsonObject };
  /** How long to think; 0 = not at all. `isShown`: the thoughts are part of the reply. */
  thinking: { tokens: number; isShown: boolean };
  maxTokens: number | null;
  stop: string[];
  /** How many answers are wanted. */
  choices: number;
}

export interface AskedTool {
  name: string;
  /** JSON Schema of the arguments; `null` for a tool that takes free text. */
  schema: JsonObject | null;
  /** Where the vendor has those: what the tool belongs to. */
  namespace?: string;
}

export type AskedToolChoice = { mode: 'auto' | 'none' } | { mode: 'forced'; names: readonly string[] };
