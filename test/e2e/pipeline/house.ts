import { startGateway } from '../../gateway.ts';
import { chatFrame, startBreakingUpstream, startUpstream } from '../../upstream.ts';

export const PROVIDER_KEY = 'sk-canary-provider-key';

/** The beginning of a stream. */
export const hello = [
  chatFrame({ role: 'assistant', content: '' }),
  chatFrame({ content: 'hel' }),
  chatFrame({ content: 'lo' }),
];

interface Ask {
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A gateway with a vendor, a server of the operator's own and one whose connection breaks, and a way to ask it. */
export async function startHouse() {
  const upstream = startUpstream();
  const breaking = startBreakingUpstream(hello);
  const gateway = await startGateway({
    env: {
      OPENAI_API_KEY: PROVIDER_KEY,
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      PROVIDER_TIMEOUT_SECONDS: '1',
      BASELINE_MODEL: 'gpt-6-astra',
    },
    files: {
      'providers.json': JSON.stringify({
        providers: [
          { id: 'broken', baseUrl: breaking.url, models: [{ id: 'torn' }] },
          { id: 'local', baseUrl: `${upstream.url}/local/v1`, models: [{ id: 'qwen', free: true }, { id: 'odd' }] },
        ],
      }),
    },
  });
  let count = 0;

  return {
    gateway,
    upstream,
    /** Another question for the next test, so that the cache answers none of them. */
    askAnew: () => void count++,
    prompt: () => `question ${count}`,
    ask({ body = {}, headers = {}, signal }: Ask = {}) {
      return fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.key}`, ...headers },
        body: JSON.stringify({
          model: 'gpt-6-luna',
          messages: [{ role: 'user', content: `question ${count}` }],
          ...body,
        }),
        ...(signal && { signal }),
      });
    },
    async stop(): Promise<void> {
      await gateway.stop();
      upstream.stop();
      breaking.stop();
    },
  };
}
