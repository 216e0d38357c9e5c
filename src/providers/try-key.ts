import { z } from 'zod';
import { tryParseJson } from '../lib/json.ts';
import { readText } from '../lib/read-text.ts';
import type { Connection } from './provider.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** What a test of a key came to, in our words: what the provider said can quote the key. */
export type TryResult =
  | 'works'
  | 'key-refused'
  | 'rate-limited'
  | 'no-model-list'
  | 'provider-failed'
  | 'redirected'
  | 'unreachable'
  | 'silent'
  | 'garbled';

export interface KeyTrial {
  result: TryResult;
  /** Until the reply was read, or until it was clear that none would come. */
  durationMs: number;
  /** The provider's status; null when there was no reply. */
  status: number | null;
  headers: Headers | null;
  /** How many models it lists; null where it told none. */
  models: number | null;
}

const lists = z.union([
  z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data.length),
  z.object({ models: z.array(z.unknown()) }).transform(({ models }) => models.length),
]);

/**
 * Asks a provider for its list of models with one key: a real call that costs nothing and that every vendor wants a valid key
 * for. Never throws, and tells nothing of the key or of what the provider said.
 */
export async function tryKey({ provider, apiKey }: Connection): Promise<KeyTrial> {
  const startedAt = performance.now();
  const took = () => Math.round(performance.now() - startedAt);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const failed = (): KeyTrial => {
    const result = timeout.aborted ? 'silent' : 'unreachable';
    return { result, durationMs: took(), status: null, headers: null, models: null };
  };
  const asked = fetch(`${provider.baseUrl}/models`, {
    headers: { ...provider.headers(apiKey.reveal()), accept: 'application/json' },
    // A provider that redirects could send our key elsewhere.
    redirect: 'manual',
    signal: timeout,
  });
  return await asked.then(async (response) => {
    const { status, headers } = response;
    const text = await readText(response, MAX_BYTES).catch(() => '');
    const read = judge(status, text);
    return { ...read, durationMs: took(), status, headers };
  }, failed);
}

function judge(status: number, text: string): Pick<KeyTrial, 'result' | 'models'> {
  const is = (result: TryResult) => ({ result, models: null });
  if (status === 401 || status === 403) return is('key-refused');
  // Google answers a wrong key with 400.
  if (status === 400 && /API_KEY_INVALID|API key not valid/i.test(text)) return is('key-refused');
  if (status === 429) return is('rate-limited');
  if (status >= 300 && status < 400) return is('redirected');
  if (status === 404 || status === 405) return is('no-model-list');
  if (status !== 200) return is('provider-failed');
  const models = lists.safeParse(tryParseJson(text));
  return models.success ? { result: 'works', models: models.data } : is('garbled');
}
