import type { LatestRequest, Totals } from '../../views/pages/overview-figures.ts';
import type { KeySpend, OverviewReports } from '../reports/overview.ts';

export type { KeySpend, LatestRequest, Totals };

/** What the dashboard shows of the ledger. */
export type Overview = OverviewReports;
