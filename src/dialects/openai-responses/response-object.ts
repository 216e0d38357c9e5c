import type { Usage } from '../../chat/usage.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { RenderContext } from '../dialect.ts';
import { renderServiceTier } from '../openai-common/service-tier.ts';
import { DIALECT } from './dialect-id.ts';
import { renderUsage } from './usage.ts';

const LONGEST_BASE = 48;

/** How far a response has come. */
export interface Progress {
  id: string;
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  output: readonly JsonObject[];
  usage: Usage | null;
  error?: { code: unknown; message: unknown } | undefined;
  incomplete_details?: JsonObject | null | undefined;
}

/** OpenAI's own id, or one of its form. */
export function responseId(id: string, context: RenderContext): string {
  return id.startsWith('resp_') ? id : `resp_${idBase(context)}`;
}

/** What ids of items are made from: theirs may hold letters, digits, `_` and `-` only. */
export function idBase({ requestId }: RenderContext): string {
  return requestId.replace(/[^a-zA-Z0-9_-]/g, '').slice(-LONGEST_BASE) || '0';
}

/**
 * A response object, which also says again what was asked:
 * https://platform.openai.com/docs/api-reference/responses/object Nothing is stored, whatever the request said.
 */
export function renderResponse(progress: Progress, { request, model, createdAt }: RenderContext): JsonObject {
  const { id, status, output, usage, error, incomplete_details } = progress;
  const asked = request.original.dialect === DIALECT ? request.original.body : {};
  const reasoning = isJsonObject(asked.reasoning) ? asked.reasoning : {};
  const text = isJsonObject(asked.text) ? asked.text : {};
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status,
    background: false,
    error: error ?? null,
    incomplete_details: incomplete_details ?? null,
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    max_tool_calls: asked.max_tool_calls ?? null,
    model,
    output,
    parallel_tool_calls: asked.parallel_tool_calls ?? true,
    previous_response_id: asked.previous_response_id ?? null,
    prompt_cache_key: asked.prompt_cache_key ?? null,
    reasoning: { ...reasoning, effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    safety_identifier: asked.safety_identifier ?? null,
    service_tier: renderServiceTier(usage?.serviceTier) ?? (usage ? 'default' : 'auto'),
    store: false,
    temperature: asked.temperature ?? 1,
    text: { ...text, format: text.format ?? { type: 'text' }, verbosity: text.verbosity ?? 'medium' },
    tool_choice: asked.tool_choice ?? 'auto',
    tools: asked.tools ?? [],
    top_logprobs: asked.top_logprobs ?? 0,
    top_p: asked.top_p ?? 1,
    truncation: asked.truncation ?? 'disabled',
    usage: usage && renderUsage(usage),
    user: asked.user ?? null,
    metadata: asked.metadata ?? {},
  };
}
