import { plainRequest } from '../../chat/fixture.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { RenderContext, Target } from '../dialect.ts';

// What the tests of both dialects share.

/** A plain question from a client of another dialect, with `fields` in place of its own. */
export function foreignRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  return plainRequest('Which JSON value is false?', { model: 'some-model', ...fields });
}

export function target(fields: Partial<Target> = {}): Target {
  const reasoning = { supported: false, required: false, efforts: [] };
  return { model: 'gpt-x', stream: false, maxOutputTokens: null, reasoning, ...fields };
}

/** A target that reasons, with the efforts it takes. */
export function reasoner(...efforts: string[]): Target {
  return target({ reasoning: { supported: true, required: false, efforts } });
}

export function contextOf(request: ChatRequest): RenderContext {
  return { request, requestId: 'r1', model: 'vendor/gpt-x', createdAt: 1_700_000_000 };
}
