import { Elysia } from 'elysia';
import type { Keys } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { answer, authenticate, type Door, json } from './api.ts';

const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;

interface ExperimentOptions extends Door {
  keys: Pick<Keys, 'find'>;
  experimentsOf: (keyId: string, days: number) => Promise<object[]>;
}

/** `/api/experiments?key=…&days=30`: the arms of a key's experiments side by side, for whoever may see the key. */
export const experimentRoutes = ({ keys, experimentsOf, ...door }: ExperimentOptions) =>
  new Elysia({ prefix: '/api/experiments' }).get('/', ({ request }) =>
    answer(async () => {
      const { account } = await authenticate(request, door);
      const params = new URL(request.url).searchParams;
      const days = readDays(params.get('days'));
      const key = await keys.find(account, params.get('key') ?? '');
      if (!key) throw new GatewayError('not_found', 'There is no such key.', { param: 'key' });
      return json({ key: key.id, days, arms: await experimentsOf(key.id, days) });
    }),
  );

function readDays(text: string | null): number {
  if (text === null || text === '') return DEFAULT_DAYS;
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw new GatewayError('invalid_request', `Days are a whole number from 1 to ${MAX_DAYS}.`, { param: 'days' });
}
