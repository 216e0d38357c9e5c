import type { Model } from '../../../registry/schema.ts';
import type { AudioPart, ChatRequest, FilePart, Message, Reasoning, Tool } from '../../chat/request.ts';
import { isJsonObject } from '../../lib/json.ts';
import type { Complexity } from './decision.ts';

/* Tokens of text, by script. A sample of the text tells how much of it is of which. */
const CHARS_PER_TOKEN = 4;
const CHARS_PER_WIDE_TOKEN = 2;
const CHARS_PER_IDEOGRAPH_TOKEN = 1.3;
const SAMPLES = 64;

/* Overheads, as the vendors' own counters show them, rounded. */
const MESSAGE_TOKENS = 4;
const IMAGE_TOKENS = 800;
const AUDIO_TOKENS = 600;
const TOOL_TOKENS = 60;
const PROPERTY_TOKENS = 25;

/* Files: their size says little about their text, so the estimate is bounded on both sides. */
const FILE_TOKENS = 1_500;
const MAX_FILE_TOKENS = 100_000;
const FILE_BYTES_PER_TOKEN = 40;

/** What is written to be read, by complexity. */
const VISIBLE_TOKENS: Record<Complexity, number> = { simple: 200, moderate: 500, complex: 1_100, expert: 1_800 };
/** What is thought before it, at medium effort. */
const THOUGHT_TOKENS: Record<Complexity, number> = { simple: 200, moderate: 700, complex: 2_500, expert: 6_000 };
const EFFORT_FACTORS = { none: 0, minimal: 0.1, low: 0.4, medium: 1, high: 2, xhigh: 3, max: 4 } as const;
/** A model that may think or not, and was not told: vendors differ in the default. */
const UNTOLD_FACTOR = 0.5;

/**
 * Roughly how many tokens the prompt has, for a tokenizer with factor 1. A guess from lengths that costs microseconds, not
 * a count: good for comparing prices and for refusing what surely does not fit, never for billing.
 */
export function estimatePromptTokens(request: ChatRequest): number {
  let tokens = 0;
  for (const part of request.system) tokens += textTokens(part.text);
  for (const message of request.messages) tokens += MESSAGE_TOKENS + messageTokens(message);
  for (const tool of request.tools) tokens += toolTokens(tool);
  return Math.ceil(tokens);
}

/** How many tokens this model is expected to write for one request, thoughts included, within the limits set for it. */
export function estimateOutputTokens(request: ChatRequest, model: Model, complexity: Complexity): number {
  const thoughts = THOUGHT_TOKENS[complexity] * thoughtFactor(request.reasoning, model.reasoning);
  const wanted = VISIBLE_TOKENS[complexity] + thoughts;
  const limit = Math.min(request.maxOutputTokens ?? Number.POSITIVE_INFINITY, model.context.maxOutput ?? wanted);
  return Math.max(1, Math.round(Math.min(wanted, limit))) * Math.max(1, request.choices);
}

/** The tokens of a text by its length, corrected by what 64 of its characters look like. */
export function textTokens(text: string): number {
  if (text.length === 0) return 0;
  const step = Math.max(1, Math.floor(text.length / SAMPLES));
  let seen = 0;
  let tokens = 0;
  for (let index = 0; index < text.length; index += step) {
    seen++;
    tokens += 1 / charsPerToken(text.charCodeAt(index));
  }
  return (tokens / seen) * text.length;
}

function charsPerToken(code: number): number {
  if (code < 0x80) return CHARS_PER_TOKEN;
  return code >= 0x2e80 ? CHARS_PER_IDEOGRAPH_TOKEN : CHARS_PER_WIDE_TOKEN;
}

function messageTokens(message: Message): number {
  let tokens = 0;
  for (const part of message.content) {
    switch (part.type) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        tokens += textTokens(part.text);
        break;
      case 'tool-call':
        tokens += textTokens(part.argumentsText) + MESSAGE_TOKENS;
        break;
      case 'tool-result':
        tokens += MESSAGE_TOKENS;
        for (const inner of part.content) {
          if (inner.type === 'text') tokens += textTokens(inner.text);
          else if (inner.type === 'image') tokens += IMAGE_TOKENS;
          else if (inner.type === 'file') tokens += fileTokens(inner);
        }
        break;
      case 'image':
        tokens += IMAGE_TOKENS;
        break;
      case 'audio':
        tokens += audioTokens(part);
        break;
      case 'file':
        tokens += fileTokens(part);
        break;
      case 'other':
        break;
      default:
        part satisfies never;
    }
  }
  return tokens;
}

function toolTokens(tool: Tool): number {
  if (tool.type === 'other') return TOOL_TOKENS;
  const described = textTokens(tool.description ?? '');
  const properties = tool.type === 'function' ? tool.parameters?.properties : undefined;
  return TOOL_TOKENS + described + (isJsonObject(properties) ? Object.keys(properties).length * PROPERTY_TOKENS : 0);
}

function fileTokens({ source }: FilePart): number {
  if (source.type !== 'base64') return FILE_TOKENS;
  const bytes = source.data.length * 0.75;
  const perToken = source.mediaType.startsWith('text/') ? CHARS_PER_TOKEN : FILE_BYTES_PER_TOKEN;
  return Math.min(MAX_FILE_TOKENS, Math.max(source.mediaType.startsWith('text/') ? 1 : FILE_TOKENS, bytes / perToken));
}

/** About 30 tokens a second at 4 kB a second of compressed speech. */
function audioTokens({ source }: AudioPart): number {
  if (source.type !== 'base64') return AUDIO_TOKENS;
  return Math.min(MAX_FILE_TOKENS, Math.max(30, (source.data.length * 0.75 * 30) / 4_000));
}

function thoughtFactor(wish: Reasoning | undefined, ability: Model['reasoning']): number {
  if (!ability.supported && !ability.required) return 0;
  const least = ability.required ? EFFORT_FACTORS.low : 0;
  if (wish?.effort) return Math.max(least, EFFORT_FACTORS[wish.effort]);
  if (wish?.budgetTokens === 0) return least;
  return ability.required || wish ? EFFORT_FACTORS.medium : UNTOLD_FACTOR;
}
