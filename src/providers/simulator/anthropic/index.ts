import type { Call, Reply } from '../call.ts';
import { anthropicError, invalidRequest } from './error.ts';
import { answerMessages, countMessages } from './messages.ts';
import { findModel, listModels } from './models.ts';

/** Anthropic's API, as far as the simulator knows it. */
export function answerAnthropic(call: Call): Reply {
  const { method, path, headers } = call;
  if (!headers.get('x-api-key') && !/^Bearer +\S/i.test(headers.get('authorization') ?? '')) {
    return anthropicError(401, 'x-api-key header is required');
  }
  if (!headers.get('anthropic-version')) return invalidRequest('anthropic-version: header is required');

  const [, id] = path.match(/^\/models\/(.+)$/) ?? [];
  switch (`${method} ${id === undefined ? path : '/models/*'}`) {
    case 'POST /messages':
      return answerMessages(call);
    case 'POST /messages/count_tokens':
      return countMessages(call);
    case 'GET /models':
      return listModels(call);
    case 'GET /models/*':
      return findModel(call, id ?? '');
    default:
      return anthropicError(404, 'Not Found');
  }
}
