import { GatewayError } from '../../errors.ts';
import { formatNanoUsd } from '../../lib/nano-usd.ts';
import type { Holder } from './meter.ts';
import type { PeriodName } from './purse.ts';

const PERIOD = { day: 'daily', month: 'monthly' } as const;
/** When requests under way will have ended nobody knows; clients that come back too soon are told again. */
const SOON_SECONDS = 1;

interface Who {
  holder: Holder;
  keyName: string;
}

/** Who is limited, as the start of a sentence. */
function subject({ holder, keyName }: Who): string {
  return holder.kind === 'key' ? `The gateway key "${keyName}"` : `The owner of the gateway key "${keyName}"`;
}

export function tooManyRequests(who: Who, limit: number, waitMs: number): GatewayError {
  return new GatewayError('rate_limited', `${subject(who)} may make ${limit} requests a minute.`, {
    retryAfterSeconds: waitMs / 1000,
  });
}

export function tooManyTokens(who: Who, limit: number, waitMs: number): GatewayError {
  return new GatewayError('rate_limited', `${subject(who)} may use ${limit} tokens a minute.`, {
    retryAfterSeconds: waitMs / 1000,
  });
}

export function tooManyAtOnce(who: Who, limit: number): GatewayError {
  const words = limit === 1 ? 'one request' : `${limit} requests`;
  return new GatewayError('rate_limited', `${subject(who)} may have ${words} under way at once.`, {
    retryAfterSeconds: SOON_SECONDS,
  });
}

export function unpriced(who: Who, model: string): GatewayError {
  const reason = `"${model}" has no price here, so nothing can be held against the limit on its cost`;
  return new GatewayError('budget_exceeded', `${subject(who)} may not use it: ${reason}.`, { param: 'model' });
}

export function tooDear(who: Who, most: number, expected: number): GatewayError {
  const amounts = `may spend ${usd(most)} on one request; this one is expected to cost ${usd(expected)}`;
  return new GatewayError('budget_exceeded', `${subject(who)} ${amounts}.`);
}

export interface BudgetState {
  period: PeriodName;
  budget: number;
  spent: number;
  held: number;
  expected: number;
  /** When the budget is whole again. */
  resetsAt: number;
}

/** No room for good, until the period ends; or only as long as other requests hold it, which a client may wait for. */
export function overBudget(who: Who, { period, budget, spent, held, expected, resetsAt }: BudgetState): GatewayError {
  const facts = `has a ${PERIOD[period]} budget of ${usd(budget)}, of which ${usd(spent)} is spent`;
  const wish = `this request is expected to cost ${usd(expected)}`;
  if (spent < budget && spent + expected <= budget) {
    const message = `${subject(who)} ${facts} and ${usd(held)} held by requests under way; ${wish}. Try again when they have ended.`;
    return new GatewayError('rate_limited', message, { retryAfterSeconds: SOON_SECONDS });
  }
  const message = `${subject(who)} ${facts}; ${wish}. The budget begins anew at ${new Date(resetsAt).toISOString()}.`;
  return new GatewayError('budget_exceeded', message);
}

function usd(nanoUsd: number): string {
  return `$${formatNanoUsd(nanoUsd)}`;
}
