import type { Gauge } from '../chat/limit-state.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';
import type { BudgetReport, LimitReport } from '../pipeline/limits/index.ts';

/** What a key or a person may use and has used, as their program reads it. Null = no such limit. */
export function renderLimits(report: LimitReport, at: number) {
  const [day, month] = (['day', 'month'] as const).map((name) => report.budgets.find(({ period }) => period === name));
  return {
    requests_per_minute: renderGauge(report.requestsPerMinute, at),
    tokens_per_minute: renderGauge(report.tokensPerMinute, at),
    concurrent_requests: report.concurrentRequests,
    daily_budget: day ? renderBudget(day) : null,
    monthly_budget: month ? renderBudget(month) : null,
    budget_mode: report.budgetMode,
    max_request_usd: report.maxRequestNanoUsd === null ? null : formatNanoUsd(report.maxRequestNanoUsd),
    allowed_models: report.allowedModels,
    allowed_strategies: report.allowedStrategies,
    allows_unpriced: report.allowsUnpriced,
  };
}

function renderGauge(gauge: Gauge | null, at: number) {
  if (!gauge) return null;
  return { limit: gauge.limit, remaining: gauge.remaining, resets_at: new Date(at + gauge.resetMs).toISOString() };
}

/** Money as decimal text, because a JSON number would round it. */
function renderBudget(budget: BudgetReport) {
  return {
    limit_usd: formatNanoUsd(budget.budgetNanoUsd),
    spent_usd: formatNanoUsd(budget.spentNanoUsd),
    simulated_spent_usd: formatNanoUsd(budget.simulatedNanoUsd),
    reserved_usd: formatNanoUsd(budget.reservedNanoUsd),
    remaining_usd: formatNanoUsd(budget.remainingNanoUsd),
    resets_at: new Date(budget.resetsAt).toISOString(),
  };
}
