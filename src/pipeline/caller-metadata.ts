import type { ChatRequest } from '../chat/request.ts';

const HEADER = 'x-gateway-metadata-';
/** As much as a vendor takes in a body; more is left out, and more of one name is cut. */
const MOST = 16;
const MAX_NAME = 60;
const MAX_VALUE = 200;

/**
 * What the caller says of itself, for rules and experiments: the body's own `metadata`, its end user as `user_id`, and over
 * both the `x-gateway-metadata-*` headers. Names are in small letters, because headers have no others.
 */
export function readMetadata(headers: Headers, request?: Pick<ChatRequest, 'metadata' | 'user'>) {
  const metadata: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    const isKept = name.length > 0 && name.length <= MAX_NAME;
    if (isKept) metadata[name.toLowerCase()] = value.slice(0, MAX_VALUE);
  };
  if (request?.user) add('user_id', request.user);
  const said = Object.entries(request?.metadata ?? {}).slice(0, MOST);
  for (const [name, value] of said) add(name, value);
  headers.forEach((value, name) => {
    if (name.startsWith(HEADER)) add(name.slice(HEADER.length), value);
  });
  return metadata;
}
