import { REASONING_EFFORTS, type Reasoning, type ReasoningEffort, type ReasoningPart } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { parseSignature, renderSignature } from './signature.ts';

/** `reasoning_effort` of OpenAI, or the `reasoning` object of OpenRouter and its like; absent where neither says anything. */
export function parseReasoning(effort: string | undefined, wire: unknown): Reasoning | undefined {
  const object = isJsonObject(wire) ? wire : {};
  const parsed: Reasoning = withoutUndefined({
    effort: knownEffort(effort) ?? knownEffort(object.effort) ?? (object.enabled === false ? 'none' : undefined),
    budgetTokens: isBudget(object.max_tokens) ? object.max_tokens : undefined,
    includeThoughts: typeof object.exclude === 'boolean' ? !object.exclude : undefined,
  });
  return Object.keys(parsed).length > 0 ? parsed : undefined;
}

/** Whether `parseReasoning` has a word for it. */
export function knownEffort(value: unknown): ReasoningEffort | undefined {
  return REASONING_EFFORTS.find((effort) => effort === value);
}

/** The thoughts of an assistant message, with what must be replayed of them. */
export function parseThoughts(message: JsonObject): ReasoningPart[] {
  const text = textOf(message.reasoning_content) || textOf(message.reasoning);
  const details = Array.isArray(message.reasoning_details) ? message.reasoning_details.filter(isJsonObject) : [];
  const parts = details.map(parseDetail);
  if (text === '' || parts.some((part) => part.text !== '')) return parts;
  const [first, ...others] = parts.some((part) => part.signature) ? parts.filter((part) => part.signature) : parts;
  // A proof is good for its own block only, and of several nobody can tell which words were whose.
  if (!first || others.some((part) => part.signature)) return [{ type: 'reasoning', text }];
  first.text = text;
  return parts;
}

/** One entry of `reasoning_details`: https://openrouter.ai/docs/use-cases/reasoning-tokens */
export function parseDetail(detail: JsonObject): ReasoningPart {
  const part: ReasoningPart = { type: 'reasoning', text: textOf(detail.text) || textOf(detail.summary) };
  const signature = parseSignature(detail);
  if (signature && typeof detail.signature === 'string') part.signature = signature;
  else if (signature) part.redacted = signature;
  return part;
}

/** What has to be replayed of a block of thoughts; the text goes along where a block was whole. */
export function renderDetails({ text, signature, redacted }: Omit<ReasoningPart, 'type'>): JsonObject[] {
  const details: JsonObject[] = [];
  if (signature) details.push({ ...renderSignature(signature, 'signature'), ...(text === '' ? {} : { text }) });
  if (redacted) details.push(renderSignature(redacted, 'data'));
  return details;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isBudget(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -1;
}
