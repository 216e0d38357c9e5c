import type { Expectation } from '../../chat/expectation.ts';
import { costOf } from './catalogue.ts';
import { factorOf, type Scored, type Yardstick } from './score.ts';

/** How far the truth may be above our estimate of a prompt. */
const PROMPT_MARGIN = 1.25;

/** What putting the request to a model is expected to take, and what it costs should the reply be as long as it may. */
export function expectationOf({ entry, outputTokens, costNanoUsd }: Scored, yardstick: Yardstick): Expectation {
  const { model } = entry;
  const { request } = yardstick;
  const prompt = Math.ceil(yardstick.promptTokens * factorOf(entry));
  const longest = Math.min(request.maxOutputTokens ?? Infinity, model.context.maxOutput ?? model.context.window);
  const most = Math.max(outputTokens, longest * Math.max(1, request.choices));
  return {
    model: `${model.provider}/${model.id}`,
    tokens: prompt + outputTokens,
    costNanoUsd,
    mostNanoUsd: costOf(entry, Math.ceil(prompt * PROMPT_MARGIN), most),
  };
}
