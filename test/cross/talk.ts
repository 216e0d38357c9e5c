import type { Conversation, Step } from './conversations.ts';

/** The wire formats, by the names their folders have. */
export type DialectId = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'google-generate';

/** Whom a client talks to, and in what manner. The model may change between the steps. */
export interface Line {
  url: string;
  key: string;
  model: string;
  conversation: Conversation;
  isStreamed: boolean;
  /** How a client of Anthropic's asks this model to think. */
  thinksBy: 'budget' | 'adaptive';
}

/** What a tool of the client's gave back. */
export interface ToolAnswer {
  id: string;
  name: string;
  text: string;
  isError: boolean;
}

/** One reply in words that all SDKs share. */
export interface Heard {
  text: string;
  thoughts: string;
  calls: HeardCall[];
  finish: Finish;
  usage: { input: number; output: number; reasoning: number };
  /** Texts of all answers, where several were asked for. */
  answers: string[];
  /** What the gateway says it had to leave out. */
  dropped: string[];
}

export interface HeardCall {
  id: string;
  name: string;
  args: unknown;
}

/** `refusal`: the SDK shows that the model declined. */
export type Finish = 'stop' | 'length' | 'tool-calls' | 'refusal' | 'other';

/** A conversation under way. It remembers what was said the way programs that use the SDK do. */
export interface Talk {
  say(step: Step): Promise<Heard>;
  answer(answers: ToolAnswer[], step: Step): Promise<Heard>;
}

/** A program that uses one of the SDKs. */
export interface Client {
  id: string;
  /** The package. */
  sdk: string;
  dialect: DialectId;
  /** Whether a failed tool is more than a text to it. */
  marksErrors: boolean;
  /** Conversations that cannot be had with this SDK at all, and why; by id. */
  unsayable?: Readonly<Record<string, string>>;
  /** Conversations whose end the SDK may show as an ordinary one, and why; by id. */
  blindTo?: Readonly<Record<string, string>>;
  open(line: Line): Talk;
}

/** The names in `x-gateway-dropped`. */
export function droppedOf(header: string | null | undefined): string[] {
  return header ? header.split(', ') : [];
}

export function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
