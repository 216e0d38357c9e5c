import type { TestGateway } from '../gateway.ts';
import { vendorsAt } from '../vendors.ts';
import type { HostileCase } from './cases.ts';
import type { WireId } from './fixtures/index.ts';
import { promptOf } from './hostile-upstream.ts';

/** A model that is served in each wire, for a client of any wire to ask for. */
const MODELS: Record<WireId, string> = {
  'openai-chat': 'local/chat',
  'openai-responses': 'openai/gpt-5.3-codex',
  'anthropic-messages': 'anthropic/claude-haiku-4-5',
  'google-generate': 'google/gemini-3.5-flash-lite',
};

/** The environment and files of a gateway whose every provider is at `url`. */
export function hostileGateway(url: string) {
  const providers = [{ id: 'local', baseUrl: `${url}/v1`, models: [{ id: 'chat', free: true }] }];
  return {
    env: {
      ...vendorsAt(url, url),
      REQUESTS_PER_MINUTE: '0',
      PROVIDER_TIMEOUT_SECONDS: '1',
    },
    files: { 'providers.json': JSON.stringify({ providers }) },
  };
}

type Question = Pick<HostileCase, 'id' | 'client' | 'provider' | 'stream' | 'asArray'>;

/** Asks as a program of the case's dialect does. */
export function ask(
  gateway: Pick<TestGateway, 'url' | 'key'>,
  question: Question,
  signal: AbortSignal,
): Promise<Response> {
  const { path, body } = requestOf(question);
  return fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}

function requestOf({ id, client, provider, stream, asArray }: Question) {
  const model = MODELS[provider];
  const prompt = promptOf(id);
  const messages = [{ role: 'user', content: prompt }];
  switch (client) {
    case 'openai-chat':
      return { path: '/v1/chat/completions', body: { model, messages, stream, tools: [tool({ type: 'function' })] } };
    case 'openai-responses':
      return { path: '/v1/responses', body: { model, input: prompt, stream, store: false } };
    case 'anthropic-messages':
      return { path: '/v1/messages', body: { model, messages, stream, max_tokens: 500 } };
    case 'google-generate': {
      const method = stream ? `streamGenerateContent${asArray ? '' : '?alt=sse'}` : 'generateContent';
      const generationConfig = { thinkingConfig: { includeThoughts: id % 2 === 0 } };
      return {
        path: `/v1beta/models/${model}:${method}`,
        body: { contents: [{ role: 'user', parts: [{ text: prompt }] }], generationConfig },
      };
    }
  }
}

function tool(fields: object) {
  return { ...fields, function: { name: 'weather', parameters: { type: 'object', properties: {} } } };
}
