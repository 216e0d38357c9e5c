import type { Catalogue } from '../catalogue/index.ts';
import type { Config } from '../config.ts';
import type { Db } from '../db/client.ts';
import { saveFeedback } from '../db/queries/feedback.ts';
import { countComparisons, insertComparison } from '../db/queries/shadow.ts';
import { startOf, sumSpend } from '../db/queries/spend.ts';
import { SHADOW_KEY_ID } from '../db/shadow-key.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Stages } from '../pipeline/pipeline.ts';
import { type Comparison, createShadow, createShadowPurse, isOn, type ShadowTerms } from '../pipeline/shadow/index.ts';
import type { SideStages } from '../pipeline/side-call.ts';
import type { Connections } from '../providers/connections.ts';
import type { Settings } from '../settings/index.ts';

const DAY_MS = 86_400_000;
const NANO = 1_000_000_000;
/** How far back the report looks. */
const REPORT_DAYS = 30;

interface ShadowPartsOptions {
  db: Db;
  now: Clock;
  log: Log;
  settings: Pick<Settings, 'current'>;
  stages: Pick<Stages, 'executor' | 'router'>;
  /** Its ledger has no baseline. */
  sideStages: Pick<SideStages, 'ledger'>;
  connections: Pick<Connections, 'list' | 'room'>;
  catalogue: Pick<Catalogue, 'registry'>;
  config: Pick<Config, 'shadow'>;
  /** Lets the router learn from a real answer that was judged. */
  learn?: Learn | undefined;
}

/** An answer that was judged, by whose request it was and what that looked like. */
export interface JudgedAnswer {
  source: 'shadow';
  /** The person's id, or that of a key that belongs to nobody. */
  ownerId: string;
  provider: string;
  model: string;
  /** The ledger's `features` of the request. */
  stored: string;
  passed: boolean;
}

type Learn = (answer: JudgedAnswer) => void;

/** What compares answers by itself, with the day's budget as the ledger remembers it, and what people see of that. */
export async function createShadowParts(options: ShadowPartsOptions) {
  const { db, now, log, settings, stages, sideStages, connections, learn } = options;
  refuseUnknown(options);
  const terms = (): ShadowTerms => {
    const { shadowPercent: percent, shadowJudge: judgeModel, shadowModel, shadowDailyUsd } = settings.current();
    return { percent, judgeModel, rivalModel: shadowModel, dailyNanoUsd: Math.round(shadowDailyUsd * NANO) };
  };
  const purse = createShadowPurse({ now, budget: () => terms().dailyNanoUsd });
  const today = { span: 'day', since: now(), keyIds: [SHADOW_KEY_ID] } as const;
  const { costNanoUsd: realNanoUsd, simulatedNanoUsd } = await sumSpend(db, today);
  purse.restore({ realNanoUsd, simulatedNanoUsd });

  const shadow = createShadow({
    ...{ terms, purse, now, executor: stages.executor, router: stages.router, ledger: sideStages.ledger },
    room: connections.room,
    isSimulated: (id) => connections.list().some(({ provider }) => provider.id === id && provider.isSimulated),
    async onComparison(comparison) {
      const { key: _key, stored: _stored, ...row } = comparison;
      await insertComparison(db, row);
      await keepLabels(db, comparison, learn);
    },
    logError: log.error,
  });

  /** What is compared, what it has cost today, and what came of it. */
  async function report() {
    const { percent, judgeModel, rivalModel, dailyNanoUsd } = terms();
    const pairs = await countComparisons(db, startOf('day', now()) - (REPORT_DAYS - 1) * DAY_MS);
    return {
      ...{ isOn: isOn(terms()), percent, judgeModel, rivalModel, dailyNanoUsd, days: REPORT_DAYS },
      ...{ today: shadow.spentToday(), skipped: shadow.skipped(), pairs },
    };
  }

  return { shadow, report };
}

/** A typing mistake in the environment would compare nothing, and say so nowhere. */
function refuseUnknown({ catalogue, config: { shadow } }: Pick<ShadowPartsOptions, 'catalogue' | 'config'>): void {
  const named = { SHADOW_JUDGE_MODEL: shadow.shadowJudge, SHADOW_MODEL: shadow.shadowModel };
  for (const [variable, name] of Object.entries(named)) {
    if (name === null || catalogue.registry().find(name)) continue;
    throw new Error(`Cannot start. ${variable}: there is no model "${name}" in the catalogue.`);
  }
}

/**
 * A comparison as feedback on both of its answers, each by the id of its own row in the ledger: whoever is no worse than the
 * other has passed. What nobody could judge is no label.
 */
async function keepLabels(db: Db, comparison: Comparison, learn?: Learn): Promise<void> {
  const { requestId, rivalRequestId, outcome, at, key, stored, served, rival, judge, isSimulated } = comparison;
  if (outcome === null) return;
  const keep = async (id: string, [own, other]: readonly [string, string], passed: boolean): Promise<void> => {
    const [provider = '', ...rest] = own.split('/');
    const about = { ownerId: key.userId ?? key.id, provider, model: rest.join('/'), stored };
    // The simulator's answers say nothing of the models it plays.
    const learned = isSimulated ? null : (learn?.({ source: 'shadow', ...about, passed }) ?? null);
    const note = `${own} against ${other}, by ${judge}`;
    await saveFeedback(db, { requestId: id, source: 'shadow', at, keyId: key.id, passed, rating: null, note, learned });
  };
  await keep(requestId, [served, rival], outcome !== 'loss');
  if (rivalRequestId !== null) await keep(rivalRequestId, [rival, served], outcome !== 'win');
}
