import type { CountFormat } from './count-format.ts';
import { readCount } from './read-count.ts';

/** `POST /v1/messages/count_tokens`: https://docs.claude.com/en/api/messages-count-tokens */
export const anthropicCount: CountFormat = {
  // What is only counted needs no limit on its reply, but a message does.
  chatOf: (body) => ({ max_tokens: 1, ...body }),
  retarget: (body, model) => ({ ...body, model }),
  parseCount: (reply) => readCount(reply, 'input_tokens'),
  renderCount: (tokens) => ({ input_tokens: tokens }),
};
