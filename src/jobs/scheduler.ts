import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';

const TICK_MS = 30_000;
const RETRY_MS = 3_600_000;
/** After this many attempts a daily job waits for its next day. */
const MAX_ATTEMPTS = 4;
const DAY_MS = 86_400_000;

/** Something done without anybody asking. */
export interface Job {
  /** Names what is remembered of it; never to be changed. */
  name: string;
  schedule: { type: 'daily'; hour: number; minute: number } | { type: 'every'; ms: number };
  /** `retry` = it did not work out for a reason that may pass. What it throws is logged, and it is tried again, too. */
  run(): Promise<'done' | 'retry'>;
}

/** What outlives a restart: the last day each daily job was done for, by the job's name. */
export interface JobMemory {
  read(name: string): Promise<string | null>;
  save(name: string, day: string): Promise<void>;
}

interface SchedulerOptions {
  jobs: readonly Job[];
  now: Clock;
  log: Log;
  memory: JobMemory;
  /** In which the day of daily jobs is reckoned, `Europe/Berlin`. */
  timeZone: string;
}

/** How a job is doing. */
export interface JobState {
  name: string;
  schedule: Job['schedule'];
  /** The day up to which a daily job has nothing more to do; null for others. */
  settledDay: string | null;
  /** Its last run since the start; null = it has not run yet. */
  lastRun: { at: number; outcome: 'done' | 'retry' } | null;
}

export type Scheduler = ReturnType<typeof createScheduler>;

/**
 * Runs jobs when they are due, by looking at the clock every half minute instead of waiting for a moment: so a clock that is
 * set, a machine that slept and a change to summer time are nothing special. A daily job is due when the day it was last done
 * for is not the one whose hour has come; hence it is caught up after downtime, once, and never done twice for a day. A job
 * that is still running is not started again.
 */
export function createScheduler({ jobs, now, log, memory, timeZone }: SchedulerOptions) {
  const dayOf = createDayReader(timeZone);
  const running = new Map<string, Promise<void>>();
  const lastRuns = new Map<string, number>();
  const ends = new Map<string, JobState['lastRun']>();
  const failures = new Map<string, { day: string; attempts: number; at: number }>();
  let timer: ReturnType<typeof setInterval> | null = null;

  /** Starts what is due and does not wait for it. */
  async function tick(): Promise<void> {
    for (const job of jobs) {
      if (running.has(job.name)) continue;
      const work = runIfDue(job).catch((cause: unknown) => log.error(`The job "${job.name}" could not be run.`, cause));
      running.set(job.name, work);
      void work.finally(() => running.delete(job.name));
    }
  }

  async function runIfDue(job: Job): Promise<void> {
    if (job.schedule.type === 'every') await runRepeated(job, job.schedule.ms);
    else await runDaily(job, dayOf(now(), job.schedule));
  }

  async function runRepeated(job: Job, ms: number): Promise<void> {
    const last = lastRuns.get(job.name);
    // A last run in the future is one of before the clock was set back.
    if (last !== undefined && now() >= last && now() - last < ms) return;
    lastRuns.set(job.name, now());
    await attempt(job);
  }

  async function runDaily(job: Job, day: string): Promise<void> {
    const last = await memory.read(job.name);
    if (last === null) {
      // It was never there before, so there is nothing to catch up with.
      await memory.save(job.name, day);
      return;
    }
    if (!isDue(day, last) || isWaiting(job.name, day)) return;
    const outcome = await attempt(job);
    const attempts = (failures.get(job.name)?.day === day ? (failures.get(job.name)?.attempts ?? 0) : 0) + 1;
    if (outcome === 'done' || attempts >= MAX_ATTEMPTS) {
      failures.delete(job.name);
      await memory.save(job.name, day);
    } else failures.set(job.name, { day, attempts, at: now() });
  }

  function isWaiting(name: string, day: string): boolean {
    const failed = failures.get(name);
    return failed?.day === day && now() >= failed.at && now() - failed.at < RETRY_MS;
  }

  async function attempt(job: Job): Promise<'done' | 'retry'> {
    const outcome = await outcomeOf(job);
    ends.set(job.name, { at: now(), outcome });
    return outcome;
  }

  async function outcomeOf(job: Job): Promise<'done' | 'retry'> {
    try {
      return await job.run();
    } catch (cause) {
      log.error(`The job "${job.name}" failed.`, cause);
      return 'retry';
    }
  }

  function list(): Promise<JobState[]> {
    return Promise.all(
      jobs.map(async ({ name, schedule }) => ({
        ...{ name, schedule, lastRun: ends.get(name) ?? null },
        settledDay: schedule.type === 'daily' ? await memory.read(name) : null,
      })),
    );
  }

  return {
    tick,
    list,
    start(): void {
      timer ??= setInterval(() => void tick(), TICK_MS);
      void tick();
    },
    /** Resolves when nothing is running any more. */
    async stop(): Promise<void> {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await Promise.all(running.values());
    },
    /** Resolves when what was started has ended. */
    async idle(): Promise<void> {
      await Promise.all(running.values());
    },
  };
}

/**
 * Days compare as text. A last day of more than one day ahead can only come from a clock that was wrong then: waiting for it
 * could take years.
 */
function isDue(day: string, last: string): boolean {
  return last < day || last > addDays(day, 1);
}

/** The day, in a time zone, whose hour and minute have come last. */
function createDayReader(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (at: number, { hour, minute }: { hour: number; minute: number }): string => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
    const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    return minutes >= hour * 60 + minute ? day : addDays(day, -1);
  };
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
