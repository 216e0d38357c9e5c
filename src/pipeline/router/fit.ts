import type { ChatRequest } from '../../chat/request.ts';
import type { Entry } from './catalogue.ts';
import { factorOf, type Scored } from './score.ts';

/** An estimate may be this far off before a model that was asked for by name is refused on its account. */
const SURE_MARGIN = 1.15;

/** Tokens a model would have to hold, by our estimate. */
export interface Load {
  prompt: number;
  total: number;
}

/** What `auto` counts with: the prompt, and the longest reply the client allows or else the one we expect. */
export function expectedLoad(request: ChatRequest, { entry, outputTokens }: Scored, promptTokens: number): Load {
  const prompt = Math.ceil(promptTokens * factorOf(entry));
  const output = Math.min(request.maxOutputTokens ?? outputTokens, entry.model.context.maxOutput ?? outputTokens);
  return { prompt, total: prompt + output };
}

export function fits({ prompt, total }: Load, { model }: Entry): boolean {
  const { window, maxInput } = model.context;
  return total <= window && prompt <= (maxInput ?? window);
}

/** Whether a request is too long even if the estimate is well above the truth. */
export function surelyTooLong(request: ChatRequest, entry: Entry, promptTokens: number): boolean {
  const prompt = promptTokens * factorOf(entry);
  const output = Math.min(request.maxOutputTokens ?? 0, entry.model.context.maxOutput ?? Number.POSITIVE_INFINITY);
  return !fits({ prompt: prompt / SURE_MARGIN, total: (prompt + output) / SURE_MARGIN }, entry);
}
