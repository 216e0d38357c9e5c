import type { TokenLogprob } from '../../chat/event.ts';
import type { ChatReply, Choice } from '../../chat/reply.ts';
import type { AssistantPart, ChatRequest } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderContext } from '../dialect.ts';
import { renderFinishReason } from './finish-reason.ts';
import { renderArguments, renderSignature } from './render-content.ts';
import { renderUsage } from './usage.ts';
import { DIALECT_ID } from './wire.ts';

const METADATA = ['groundingMetadata', 'citationMetadata', 'urlContextMetadata'];

export function renderReply(reply: ChatReply, { request, model, requestId }: RenderContext): JsonObject {
  return {
    candidates: reply.choices.map((choice, index) => renderCandidate(choice, index, request)),
    usageMetadata: renderUsage(reply.usage),
    modelVersion: model,
    responseId: reply.id || requestId,
  };
}

/** Thoughts are ordinary text parts with a mark that old clients do not know, so they are shown only to who asked. */
export function showsThoughts(request: ChatRequest): boolean {
  return request.reasoning?.includeThoughts === true;
}

/** A part of the answer; nothing for what has no place in it. */
export function renderReplyPart(part: AssistantPart): JsonObject[] {
  switch (part.type) {
    case 'text': {
      const thoughtSignature = renderSignature(part.signature);
      if (part.text === '' && thoughtSignature === undefined) return [];
      return [withoutUndefined({ text: part.text, thoughtSignature })];
    }
    case 'reasoning': {
      const thoughtSignature = renderSignature(part.signature);
      if (part.text === '' && thoughtSignature === undefined) return [];
      return [withoutUndefined({ text: part.text, thought: true, thoughtSignature })];
    }
    case 'tool-call': {
      const functionCall = { id: part.id, name: part.name, args: renderArguments(part) };
      return [withoutUndefined({ functionCall, thoughtSignature: renderSignature(part.signature) })];
    }
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
    case 'audio':
      return part.source.type === 'base64'
        ? [{ inlineData: { mimeType: part.source.mediaType, data: part.source.data } }]
        : [];
    case 'other':
      return part.dialect === DIALECT_ID ? [part.value] : [];
    default:
      return part satisfies never;
  }
}

/** What stands beside the parts of a candidate: where its text comes from, and how sure the model was. */
export function renderMetadata(citations: unknown[], logprobs: TokenLogprob[]): JsonObject {
  const metadata: JsonObject = {};
  for (const citation of citations) {
    // A citation of another dialect has another shape and no place here.
    for (const key of METADATA) {
      const found = isJsonObject(citation) ? citation[key] : undefined;
      const before = metadata[key];
      if (isJsonObject(found)) metadata[key] = isJsonObject(before) ? { ...before, ...found } : found;
    }
  }
  if (logprobs.length > 0) metadata.logprobsResult = renderLogprobs(logprobs);
  return metadata;
}

function renderCandidate(choice: Choice, index: number, request: ChatRequest): JsonObject {
  const shown = choice.content.filter((part) => part.type !== 'reasoning' || showsThoughts(request));
  const parts = shown.flatMap(renderReplyPart);
  const citations = choice.content.flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : []));
  return {
    content: renderContent(parts, choice.reason),
    finishReason: renderFinishReason(choice.reason),
    index,
    ...renderMetadata(citations, choice.logprobs),
  };
}

/**
 * Clients read `content.parts[0]`, so an empty answer is an empty text, unless it was withheld: then Google sends
 * none.
 */
export function renderContent(parts: JsonObject[], reason: Choice['reason']): JsonObject {
  if (parts.length > 0) return { parts, role: 'model' };
  return reason === 'content-filter' || reason === 'refusal' ? {} : { parts: [{ text: '' }], role: 'model' };
}

function renderLogprobs(tokens: TokenLogprob[]): JsonObject {
  const wire = ({ token, logprob }: { token: string; logprob: number }) => ({ token, logProbability: logprob });
  const hasTop = tokens.some(({ top }) => top.length > 0);
  return {
    ...(hasTop ? { topCandidates: tokens.map(({ top }) => ({ candidates: top.map(wire) })) } : {}),
    chosenCandidates: tokens.map(wire),
  };
}
