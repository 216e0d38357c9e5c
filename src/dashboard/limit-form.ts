import type { KeyLimits } from '../../views/pages/key-parts.tsx';
import { EMPTY_LIMITS, LIMIT_FIELDS, type LimitDraft } from '../../views/pages/limit-fields.tsx';
import { GatewayError } from '../errors.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';
import { field } from './form.ts';

const NANO_DIGITS = 9;

/** What was typed about limits, as it was typed. */
export function readLimitDraft(form: URLSearchParams): LimitDraft {
  const draft = { ...EMPTY_LIMITS };
  for (const name of LIMIT_FIELDS) draft[name] = field(form, name).trim();
  return { ...draft, allowedStrategies: form.getAll('allowedStrategies').join(',') };
}

/** Limits as the form shows them. */
export function draftOfLimits(limits: KeyLimits): LimitDraft {
  const money = (nanoUsd: number | undefined) => (nanoUsd === undefined ? '' : formatNanoUsd(nanoUsd));
  return {
    requestsPerMinute: String(limits.requestsPerMinute ?? ''),
    tokensPerMinute: String(limits.tokensPerMinute ?? ''),
    concurrentRequests: String(limits.concurrentRequests ?? ''),
    dailyBudgetNanoUsd: money(limits.dailyBudgetNanoUsd),
    monthlyBudgetNanoUsd: money(limits.monthlyBudgetNanoUsd),
    maxRequestNanoUsd: money(limits.maxRequestNanoUsd),
    budgetMode: limits.budgetMode ?? '',
    allowedModels: (limits.allowedModels ?? []).join('\n'),
    allowedStrategies: (limits.allowedStrategies ?? []).join(','),
    allowsUnpriced: String(limits.allowsUnpriced ?? ''),
  };
}

/**
 * What the form says of every limit; null for an empty field. Numbers and names are judged by the rules for limits, not here.
 * Throws `invalid_request` for what is no amount.
 */
export function limitsFrom(draft: LimitDraft): Record<string, unknown> {
  const count = (text: string) => (text === '' ? null : Number(text));
  const list = (text: string) => {
    const items = listFrom(text);
    return items.length === 0 ? null : items;
  };
  return {
    requestsPerMinute: count(draft.requestsPerMinute),
    tokensPerMinute: count(draft.tokensPerMinute),
    concurrentRequests: count(draft.concurrentRequests),
    dailyBudgetNanoUsd: nanoUsdFrom(draft, 'dailyBudgetNanoUsd'),
    monthlyBudgetNanoUsd: nanoUsdFrom(draft, 'monthlyBudgetNanoUsd'),
    maxRequestNanoUsd: nanoUsdFrom(draft, 'maxRequestNanoUsd'),
    budgetMode: draft.budgetMode || null,
    allowedModels: list(draft.allowedModels),
    allowedStrategies: list(draft.allowedStrategies),
    allowsUnpriced: draft.allowsUnpriced === '' ? null : draft.allowsUnpriced === 'true',
  };
}

export function listFrom(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Dollars as typed, with a point or a comma, in whole nano-dollars: by digits, because a float would be off by some. */
function nanoUsdFrom(draft: LimitDraft, name: keyof LimitDraft): number | null {
  const typed = draft[name].replace(/^\$/, '');
  if (typed === '') return null;
  // `1,000` is a thousand to some and one to others.
  const text = /,\d{3}$/.test(typed) ? '' : typed.replace(',', '.');
  const [, whole = '', part = ''] = /^(\d{1,8})(?:\.(\d{0,9}))?$/.exec(text) ?? [];
  if (whole === '') {
    throw new GatewayError('invalid_request', 'An amount is in dollars, such as 12.50.', { param: `limits.${name}` });
  }
  return Number(whole + part.padEnd(NANO_DIGITS, '0'));
}
