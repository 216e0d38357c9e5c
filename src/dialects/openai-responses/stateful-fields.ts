import type { ChatRequest } from '../../chat/request.ts';
import { DIALECT } from './dialect-id.ts';

const FIELDS = ['previous_response_id', 'conversation', 'prompt'];
const REFERENCE = 'item_reference';

/**
 * Names the fields of a request of this dialect that lean on what the provider keeps: an earlier response, a stored
 * conversation, prompt or item, or a response to be fetched later. Only a provider of the same dialect can honour
 * them; empty for requests that any model can answer.
 */
export function statefulFields({ original, extras, messages }: ChatRequest): string[] {
  if (original.dialect !== DIALECT) return [];
  const fields = FIELDS.filter((field) => extras[field] !== undefined);
  if (extras.background === true) fields.push('background');
  const hasReference = messages.some(({ content }) =>
    content.some((part) => part.type === 'other' && (part.value.type ?? REFERENCE) === REFERENCE),
  );
  return hasReference ? [...fields, REFERENCE] : fields;
}
