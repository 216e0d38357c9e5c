import { expect, test } from 'bun:test';
import { parseError } from './parse-error.ts';

test.each<[string, number, unknown]>([
  ['context_too_long', 400, { object: 'error', message: 'the request exceeds the available context size', code: 400 }],
  [
    'context_too_long',
    400,
    [{ error: { code: 400, message: 'The input token count (9) exceeds the maximum', status: 'INVALID_ARGUMENT' } }],
  ],
])('what a provider says means %s at %i: %j', (code, status, body) => {
  expect<string>(parseError(status, body, new Headers()).code).toBe(code);
});
