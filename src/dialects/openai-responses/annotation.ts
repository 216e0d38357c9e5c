import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { isShallow } from '../openai-common/json-text.ts';

const OWN_TYPES = new Set(['url_citation', 'file_citation', 'container_file_citation', 'file_path']);

/**
 * A citation as an entry of `annotations`: as it is where it was OpenAI's, its address where another vendor's has one,
 * `null` otherwise. `textEnd` stands for the span of those that do not tell theirs.
 */
export function renderAnnotation(citation: unknown, textEnd: number): JsonObject | null {
  if (!isJsonObject(citation) || !isShallow(citation)) return null;
  const { type } = citation;
  // Chat Completions nests the fields under the type's name.
  const nested = type === 'url_citation' && isJsonObject(citation.url_citation) ? citation.url_citation : undefined;
  if (!nested && typeof type === 'string' && OWN_TYPES.has(type)) return citation;
  const { url, title, start_index: start, end_index: end } = nested ?? citation;
  if (typeof url !== 'string') return null;
  const position = (value: unknown) => (typeof value === 'number' ? value : textEnd);
  const name = typeof title === 'string' ? title : '';
  return { type: 'url_citation', start_index: position(start), end_index: position(end), url, title: name };
}
