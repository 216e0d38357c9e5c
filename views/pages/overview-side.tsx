import { errorWords } from '../components/failure.tsx';
import { Badge, BudgetBar, StatusLight } from '../components/signs.tsx';
import type { PlainFrame } from '../frame.ts';
import type { NearBudget, ProviderLight } from './overview-figures.ts';

/** How each provider has done in the last hour. */
export const Lights = ({ frame, providers }: { frame: PlainFrame; providers: readonly ProviderLight[] }) => {
  const t = frame.t.overview;
  return (
    <section class="panel compact">
      <h2>{t.health}</h2>
      {providers.length === 0 && <p class="muted">{t.noProviders}</p>}
      <ul class="plain">
        {providers.map((provider) => (
          <li>
            <span>
              {provider.label} {provider.isSimulated && <Badge tone="simulated">{frame.t.common.simulated}</Badge>}
            </span>
            <span class="light-line" title={errorWords(frame, provider.lastError) ?? provider.lastError ?? undefined}>
              {provider.failures > 0 && (
                <span class="muted number">
                  {t.failedOf(frame.format.count(provider.failures), frame.format.count(provider.calls))}
                </span>
              )}
              <StatusLight
                {...{ frame, state: provider.light }}
                label={provider.light === 'off' ? t.quiet : undefined}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** Budgets that are nearly spent. */
export const Budgets = ({ frame, budgets }: { frame: PlainFrame; budgets: readonly NearBudget[] }) => {
  const t = frame.t.overview;
  return (
    <section class="panel compact">
      <h2>{t.budgets}</h2>
      {budgets.length === 0 && <p class="muted">{t.noBudgets}</p>}
      <ul class="plain budget-list">
        {budgets.map(({ name, holder, period, spentNanoUsd, budgetNanoUsd, resetsAt }) => (
          <li>
            <span class="budget-name">
              <span>{name}</span>
              <span class="muted">
                {t.budgetOf(t.holders[holder], t.periods[period], frame.format.dayOfMonth(resetsAt))}
              </span>
            </span>
            <BudgetBar {...{ frame, label: name, spentNanoUsd, budgetNanoUsd }} />
          </li>
        ))}
      </ul>
    </section>
  );
};
