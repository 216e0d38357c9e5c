import type { CountFormat } from './count-format.ts';
import { readCount } from './read-count.ts';

/** `POST /v1/responses/input_tokens`: https://platform.openai.com/docs/api-reference/responses/input-tokens */
export const responsesCount: CountFormat = {
  chatOf: (body) => body,
  retarget: (body, model) => ({ ...body, model }),
  parseCount: (reply) => readCount(reply, 'input_tokens'),
  renderCount: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
};
