import type { JsonObject } from '../lib/json.ts';

/**
 * A chat request in our own words. Every dialect is parsed into this and rendered from it. What it has no word for is in
 * `extras` (top-level fields), in an `other` part or tool, and, whole and unread, in `original`.
 */
export interface ChatRequest {
  /** As the client wrote it: `auto`, `auto:cost`, a catalogue id, or `provider/model`. */
  model: string;
  stream: boolean;
  /** Whether the client asked for token counts inside its stream; only OpenAI Chat makes this a choice. */
  wantsStreamUsage: boolean;
  /** Instructions that stand before the conversation. */
  system: TextPart[];
  messages: Message[];
  tools: Tool[];
  toolChoice?: ToolChoice | undefined;
  parallelToolCalls?: boolean | undefined;
  output?: OutputFormat | undefined;
  reasoning?: Reasoning | undefined;
  maxOutputTokens?: number | undefined;
  temperature?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  presencePenalty?: number | undefined;
  frequencyPenalty?: number | undefined;
  seed?: number | undefined;
  /** Empty when the client gave none. */
  stop: string[];
  /** How many answers; 1 unless the client asked for more. */
  choices: number;
  /** How many alternatives per token to tell; 0 = only the chosen token's. Absent = no log probabilities. */
  topLogprobs?: number | undefined;
  /** The end user, as the client names them to the provider. */
  user?: string | undefined;
  serviceTier?: string | undefined;
  metadata?: Record<string, string> | undefined;
  /** Fields that only a provider of the client's own dialect can honour, such as a conversation it stores; often none. */
  bound?: string[] | undefined;
  /** The client wants to fetch the answer from the provider later, instead of having it now. */
  isDetached?: boolean | undefined;
  /** Top-level wire fields that have no word here, in the client's dialect. */
  extras: JsonObject;
  original: OriginalRequest;
}

/** What the client sent, so that a provider of the same dialect gets it as it was. */
export interface OriginalRequest {
  dialect: string;
  body: JsonObject;
  /** Request headers that belong to the dialect (`anthropic-beta`), lower-case; never credentials. */
  headers: Record<string, string>;
}

export type Message = SystemMessage | UserMessage | AssistantMessage;

/** Instructions in the middle of a conversation; those at its start are in `ChatRequest.system`. */
export interface SystemMessage {
  role: 'system';
  content: TextPart[];
}

/** Tool results are parts of the user message that follows the calls. */
export interface UserMessage {
  role: 'user';
  content: UserPart[];
  name?: string | undefined;
}

export interface AssistantMessage {
  role: 'assistant';
  content: AssistantPart[];
}

export type UserPart = TextPart | ImagePart | FilePart | AudioPart | ToolResultPart | OtherPart;
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | RefusalPart | ImagePart | AudioPart | OtherPart;

export interface TextPart {
  type: 'text';
  text: string;
  cache?: CacheMarker | undefined;
  signature?: Signature | undefined;
  /** In the shape of the dialect that made them. */
  citations?: unknown[] | undefined;
}

export interface ImagePart {
  type: 'image';
  source: MediaSource;
  detail?: string | undefined;
  cache?: CacheMarker | undefined;
}

/** A PDF, a text file, a video: whatever is neither image nor plain audio input. */
export interface FilePart {
  type: 'file';
  source: MediaSource;
  filename?: string | undefined;
  cache?: CacheMarker | undefined;
}

export interface AudioPart {
  type: 'audio';
  source: MediaSource;
}

export type MediaSource =
  | { type: 'base64'; mediaType: string; data: string }
  | { type: 'url'; url: string; mediaType?: string | undefined }
  | { type: 'file-id'; id: string; mediaType?: string | undefined };

export interface ToolResultPart {
  type: 'tool-result';
  callId: string;
  /** The tool's name where the dialect tells it (Google does, and needs it). */
  name?: string | undefined;
  content: (TextPart | ImagePart | FilePart | OtherPart)[];
  isError: boolean;
  cache?: CacheMarker | undefined;
}

export interface ToolCallPart {
  type: 'tool-call';
  id: string;
  name: string;
  /** JSON text, as the model wrote it; `{}` for a tool without arguments. Free text for a `custom` tool. */
  argumentsText: string;
  isCustom?: boolean | undefined;
  signature?: Signature | undefined;
  cache?: CacheMarker | undefined;
}

/** What the model thought. `text` may be empty while the signature still has to be replayed. */
export interface ReasoningPart {
  type: 'reasoning';
  text: string;
  signature?: Signature | undefined;
  /** Encrypted thinking that shows no text: Anthropic's `redacted_thinking`, OpenAI's `encrypted_content`. */
  redacted?: Signature | undefined;
}

export interface RefusalPart {
  type: 'refusal';
  text: string;
}

/** A part only its own dialect understands, kept as it is on the wire. */
export interface OtherPart {
  type: 'other';
  dialect: string;
  value: JsonObject;
}

/** An opaque proof that only the vendor who made it can read; it goes back to that vendor unchanged or not at all. */
export interface Signature {
  dialect: string;
  value: string;
}

/** "Cache the prompt up to here." `ttlSeconds` is absent where the client left it to the provider. */
export interface CacheMarker {
  ttlSeconds?: number | undefined;
}

/** Tools that belong together, in dialects which say so; `name` in a tool of one is whole, so that others need not know. */
export interface Namespace {
  name: string;
  description?: string | undefined;
}

export type Tool =
  | {
      type: 'function';
      name: string;
      description?: string | undefined;
      /** JSON Schema of the arguments. */
      parameters?: JsonObject | undefined;
      strict?: boolean | undefined;
      cache?: CacheMarker | undefined;
      namespace?: Namespace | undefined;
    }
  | {
      type: 'custom';
      name: string;
      description?: string | undefined;
      format?: JsonObject | undefined;
      namespace?: Namespace | undefined;
    }
  /** A tool the provider runs itself: web search, code execution. */
  | { type: 'other'; dialect: string; value: JsonObject };

export type ToolChoice =
  | { type: 'auto' | 'none' | 'required' }
  | { type: 'tool'; name: string }
  | { type: 'allowed'; mode: 'auto' | 'required'; names: string[] };

export type OutputFormat =
  | { type: 'json' }
  | {
      type: 'json-schema';
      name?: string | undefined;
      description?: string | undefined;
      schema: JsonObject;
      strict?: boolean | undefined;
    };

export const REASONING_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

export interface Reasoning {
  effort?: ReasoningEffort | undefined;
  /** 0 = no thinking, -1 = as much as the model likes. */
  budgetTokens?: number | undefined;
  /** The model decides how much, as Anthropic's `adaptive`. */
  isAdaptive?: boolean | undefined;
  /** Whether the client wants to read the thoughts or a summary of them. */
  includeThoughts?: boolean | undefined;
}
