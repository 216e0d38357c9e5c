import { expect, test } from 'bun:test';
import { parseError } from './parse-error.ts';

const said = (message: string, code: string | number | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});

test.each<[string, number, unknown]>([
  ['context_too_long', 400, said('Your input exceeds the context window of this model.', 'context_length_exceeded')],
  ['provider_rejected', 400, said("Item 'rs_1' of type 'reasoning' was provided without its required following item.")],
  ['provider_rejected', 400, said("Previous response with id 'resp_1' not found.", 'previous_response_not_found')],
  ['provider_model_missing', 400, said("The requested model 'gpt-0' does not exist.", 'model_not_found')],
  ['provider_auth', 401, { ...said('Incorrect API key provided: sk-1', 'invalid_api_key'), status: 401 }],
])('what a provider says means %s at %i: %j', (code, status, body) => {
  expect<string>(parseError(status, body, new Headers()).code).toBe(code);
});
