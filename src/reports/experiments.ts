import type { ArmFigures } from '../../views/pages/routing-experiments.tsx';
import type { Db } from '../db/client.ts';
import { compareArms, countArmTimes, MOST_COMPARED } from '../db/queries/experiments.ts';
import type { Clock } from '../lib/clock.ts';
import { percentileMs } from '../lib/histogram.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';
import { shareInterval } from '../lib/share-interval.ts';

const DAY_MS = 86_400_000;

interface ExperimentReportOptions {
  db: Db;
  /** What was answered a moment ago may not be in the database yet. */
  writer: { flush: () => Promise<unknown> };
  now: Clock;
}

/** One arm of an experiment, by its results. Times are of answers; those to the first content of streamed ones. */
export interface ArmResult extends ArmFigures {
  /** `experiment/arm`. */
  arm: string | null;
  /** Of simulated requests the money is apart. */
  costNanoUsd: number;
  simulatedNanoUsd: number;
}

export type Experiments = ReturnType<typeof createExperiments>;

/** What the arms of keys' experiments have come to. */
export function createExperiments({ db, writer, now }: ExperimentReportOptions) {
  async function results(
    keyId: string,
    days: number,
    most = MOST_COMPARED,
  ): Promise<{ arms: ArmResult[]; isCut: boolean }> {
    await writer.flush();
    const filter = { keyId, most, since: now() - days * DAY_MS };
    const rows = await compareArms(db, filter);
    const durations = await countArmTimes(db, filter, 'duration');
    const beginnings = await countArmTimes(db, filter, 'first-content');
    const arms = rows.map(({ realPriced, simulatedPriced, ...row }) => {
      const isOwn = ({ arm }: { arm: string | null }) => arm === row.arm;
      const times = durations.filter(isOwn);
      const starts = beginnings.filter(isOwn);
      return {
        ...row,
        costPerRequestNanoUsd: perRequest(row.costNanoUsd, realPriced),
        simulatedPerRequestNanoUsd: perRequest(row.simulatedNanoUsd, simulatedPriced),
        ...{ p50Ms: rounded(percentileMs(times, 0.5)), p95Ms: rounded(percentileMs(times, 0.95)) },
        firstContentP50Ms: rounded(percentileMs(starts, 0.5)),
        firstContentP95Ms: rounded(percentileMs(starts, 0.95)),
        interval: shareInterval(row.passed, row.judged),
      };
    });
    const seen = rows.reduce((sum, { requests }) => sum + requests, 0);
    return { arms, isCut: seen >= most };
  }

  return {
    results,
    /** The same as programs are told it: money in dollars. */
    async table(keyId: string, days: number): Promise<object[]> {
      const { arms } = await results(keyId, days);
      return arms.map((arm) => ({
        ...{
          arm: arm.arm,
          requests: arm.requests,
          simulated: arm.simulated,
          errors: arm.errors,
          unpriced: arm.unpriced,
        },
        ...{ costUsd: formatNanoUsd(arm.costNanoUsd), simulatedUsd: formatNanoUsd(arm.simulatedNanoUsd) },
        costPerRequestUsd: dollars(arm.costPerRequestNanoUsd),
        simulatedPerRequestUsd: dollars(arm.simulatedPerRequestNanoUsd),
        ...{ p50Ms: arm.p50Ms, p95Ms: arm.p95Ms },
        ...{ firstContentP50Ms: arm.firstContentP50Ms, firstContentP95Ms: arm.firstContentP95Ms },
        feedback: {
          ...{ judged: arm.judged, passed: arm.passed },
          passRate: arm.judged === 0 ? null : arm.passed / arm.judged,
          interval: arm.interval && [arm.interval.low, arm.interval.high],
        },
      }));
    },
  };
}

function perRequest(nanoUsd: number, requests: number): number | null {
  return requests > 0 ? Math.round(nanoUsd / requests) : null;
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function dollars(nanoUsd: number | null): string | null {
  return nanoUsd === null ? null : formatNanoUsd(nanoUsd);
}
