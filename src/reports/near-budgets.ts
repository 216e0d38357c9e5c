import type { NearBudget } from '../../views/pages/overview-figures.ts';
import type { GatewayKey } from '../db/schema.ts';
import type { LimitReport, Limits } from '../pipeline/limits/index.ts';

/** From here on somebody should know. */
const NEAR = 0.8;

interface Question {
  /** The keys as the pipeline knows them. */
  keys: readonly GatewayKey[];
  limits: Pick<Limits, 'reportOf'>;
  userNames: ReadonlyMap<string, string>;
  most: number;
}

/** The budgets of keys and their owners that are nearest to their end, the nearest first. */
export function nearBudgets({ keys, limits, userNames, most }: Question): NearBudget[] {
  const found = new Map<string, NearBudget>();
  for (const key of keys) {
    if (key.revokedAt !== null) continue;
    const report = limits.reportOf(key);
    for (const near of nearOf(report.key, { holder: 'key', ownerId: key.id, name: key.name })) found.set(near.id, near);
    if (!report.user || key.userId === null) continue;
    const name = userNames.get(key.userId) ?? '';
    for (const near of nearOf(report.user, { holder: 'user', ownerId: key.userId, name })) found.set(near.id, near);
  }
  const share = ({ spentNanoUsd, budgetNanoUsd }: NearBudget): number => spentNanoUsd / budgetNanoUsd;
  return [...found.values()].sort((a, b) => share(b) - share(a)).slice(0, most);
}

interface Owner {
  holder: NearBudget['holder'];
  ownerId: string;
  name: string;
}

function nearOf({ budgets }: LimitReport, { holder, ownerId, name }: Owner): NearBudget[] {
  return budgets
    .filter(({ spentNanoUsd, budgetNanoUsd }) => budgetNanoUsd > 0 && spentNanoUsd >= NEAR * budgetNanoUsd)
    .map(({ period, spentNanoUsd, budgetNanoUsd, resetsAt }) => ({
      ...{ id: `${holder}-${ownerId}-${period}`, holder, name, period },
      ...{ spentNanoUsd, budgetNanoUsd, resetsAt },
    }));
}
