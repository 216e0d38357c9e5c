import type { TestGateway } from '../gateway.ts';
import type { Recording } from './recordings.ts';

/** Sends a recorded request to the gateway, past its cache. */
export async function sendRecorded({ url, key }: TestGateway, { request }: Recording): Promise<Response> {
  const { path, headers, body } = request;
  return await fetch(url + frontDoor(path), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'x-api-key': key, 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  });
}

/** Recorders of compatible servers, Vertex and Azure have paths of their own; a client of ours uses the vendor's. */
function frontDoor(path: string): string {
  const model = /models\/([^:]+):(\w+)/.exec(path);
  if (model) return `/v1beta/models/${model[1]}:${model[2]}${path.includes('alt=sse') ? '?alt=sse' : ''}`;
  if (path.includes('/responses')) return '/v1/responses';
  return path.includes('messages') ? '/v1/messages' : '/v1/chat/completions';
}
