import { beforeEach, expect, test } from 'bun:test';
import { createScheduler, type Job } from './scheduler.ts';

const HOUR = 3_600_000;
let time: number;
let runs: string[];
let logged: string[];
let saved: Map<string, string>;
const clock = () => new Date(time).toISOString().slice(0, 16);
const set = (text: string) => {
  time = Date.parse(text);
};
beforeEach(() => {
  set('2026-11-30T12:00:00Z');
  runs = [];
  logged = [];
  saved = new Map([['nightly', '2026-11-30']]);
});

const nightly = (run: Job['run'] = async () => 'done'): Job => ({
  name: 'nightly',
  schedule: { type: 'daily', hour: 3, minute: 0 },
  async run() {
    runs.push(clock());
    return await run();
  },
});
function schedulerOf(jobs: readonly Job[], timeZone = 'UTC') {
  const scheduler = createScheduler({
    jobs,
    timeZone,
    now: () => time,
    log: { info: () => {}, warn: () => {}, error: (message) => void logged.push(message) },
    memory: {
      read: async (name) => saved.get(name) ?? null,
      save: async (name, day) => void saved.set(name, day),
    },
  });
  /** Looks at the clock every ten minutes until then. */
  async function until(text: string): Promise<void> {
    for (; time <= Date.parse(text); time += 600_000) await look();
    time = Date.parse(text);
  }
  async function look(): Promise<void> {
    await scheduler.tick();
    await scheduler.idle();
  }
  return { ...scheduler, until, look };
}

test('a daily job runs once a day, at its hour', async () => {
  await schedulerOf([nightly()]).until('2026-12-03T12:00:00Z');
  expect(runs).toEqual(['2026-12-01T03:00', '2026-12-02T03:00', '2026-12-03T03:00']);
});

test('the hour is that of the time zone, in summer and in winter', async () => {
  set('2027-03-27T12:00:00Z');
  saved.set('nightly', '2027-03-27');
  await schedulerOf([nightly()], 'Europe/Berlin').until('2027-03-30T00:00:00Z');
  expect(runs).toEqual(['2027-03-28T01:00', '2027-03-29T01:00']);
});

test('an hour that comes twice, or not at all, makes one run', async () => {
  set('2026-10-24T12:00:00Z');
  saved.set('nightly', '2026-10-24');
  const twice: Job = { ...nightly(), schedule: { type: 'daily', hour: 2, minute: 30 } };
  await schedulerOf([twice], 'Europe/Berlin').until('2026-10-26T00:00:00Z');
  expect(runs).toEqual(['2026-10-25T00:30']);

  runs = [];
  set('2027-03-27T12:00:00Z');
  saved.set('nightly', '2027-03-27');
  await schedulerOf([twice], 'Europe/Berlin').until('2027-03-28T20:00:00Z');
  expect(runs).toEqual(['2027-03-28T01:00']);
});

test('what was missed while the gateway was down is caught up with once', async () => {
  saved.set('nightly', '2026-11-20');
  const scheduler = schedulerOf([nightly()]);
  await scheduler.look();
  await scheduler.look();
  expect(runs).toEqual(['2026-11-30T12:00']);
});

test('a first start waits for the hour', async () => {
  saved.clear();
  await schedulerOf([nightly()]).until('2026-12-01T04:00:00Z');
  expect(runs).toEqual(['2026-12-01T03:00']);
});

test('a clock that is set back does not make the day come twice, and one set forward skips none', async () => {
  const scheduler = schedulerOf([nightly()]);
  await scheduler.until('2026-12-01T03:10:00Z');
  set('2026-12-01T01:00:00Z');
  await scheduler.until('2026-12-01T05:00:00Z');
  expect(runs).toEqual(['2026-12-01T03:00']);
  set('2026-12-02T09:00:00Z');
  await scheduler.look();
  expect(runs).toEqual(['2026-12-01T03:00', '2026-12-02T09:00']);
});

test('a clock that had been years ahead does not stop the job for years', async () => {
  const scheduler = schedulerOf([nightly()]);
  set('2036-01-01T04:00:00Z');
  await scheduler.look();
  set('2026-12-01T02:00:00Z');
  await scheduler.look();
  expect(runs).toEqual(['2036-01-01T04:00', '2026-12-01T02:00']);
  await scheduler.until('2026-12-01T12:00:00Z');
  expect(runs.slice(2)).toEqual(['2026-12-01T03:00']);
});

test('a job that is still running is not started again', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  saved.set('nightly', '2026-11-20');
  const job = nightly(async () => {
    await promise;
    return 'done';
  });
  const scheduler = schedulerOf([job]);
  await scheduler.tick();
  await scheduler.tick();
  time += 24 * HOUR;
  await scheduler.tick();
  await Bun.sleep(0);
  expect(runs).toHaveLength(1);
  resolve();
  await scheduler.stop();
});

test('a job that fails is told, tried again every hour, and left until the next day after four times', async () => {
  const job = nightly(async () => {
    throw new Error('broken');
  });
  await schedulerOf([job]).until('2026-12-02T03:00:00Z');
  expect(runs).toEqual([
    '2026-12-01T03:00',
    '2026-12-01T04:00',
    '2026-12-01T05:00',
    '2026-12-01T06:00',
    '2026-12-02T03:00',
  ]);
  expect(logged[0]).toBe('The job "nightly" failed.');
});

test('a job that repeats runs as often as it says, also after the clock was set back', async () => {
  const job: Job = { ...nightly(), name: 'often', schedule: { type: 'every', ms: 2 * HOUR } };
  const scheduler = schedulerOf([job]);
  await scheduler.until('2026-11-30T16:30:00Z');
  expect(runs).toEqual(['2026-11-30T12:00', '2026-11-30T14:00', '2026-11-30T16:00']);
  set('2026-11-29T00:00:00Z');
  await scheduler.look();
  expect(runs.at(-1)).toBe('2026-11-29T00:00');
});

test('memory that cannot be read is told and stops nothing else', async () => {
  const other: Job = { ...nightly(), name: 'other', schedule: { type: 'every', ms: 1 } };
  const scheduler = createScheduler({
    jobs: [nightly(), other],
    timeZone: 'UTC',
    now: () => time,
    log: { info: () => {}, warn: () => {}, error: (message) => void logged.push(message) },
    memory: {
      read: () => Promise.reject(new Error('locked')),
      save: async () => {},
    },
  });
  await scheduler.tick();
  await scheduler.idle();
  expect(logged).toEqual(['The job "nightly" could not be run.']);
  expect(runs).toHaveLength(1);
});

test('a job tells the day it is settled up to, and how its last run went', async () => {
  let outcome: 'done' | 'retry' = 'retry';
  const often: Job = { name: 'often', schedule: { type: 'every', ms: HOUR }, run: async () => 'done' };
  const { until, list } = schedulerOf([nightly(async () => outcome), often]);
  expect((await list()).map(({ settledDay, lastRun }) => [settledDay, lastRun])).toEqual([
    ['2026-11-30', null],
    [null, null],
  ]);
  await until('2026-12-01T03:10:00Z');
  const failed = { at: Date.parse('2026-12-01T03:00:00Z'), outcome: 'retry' };
  expect((await list())[0]).toMatchObject({ name: 'nightly', settledDay: '2026-11-30', lastRun: failed });
  outcome = 'done';
  await until('2026-12-01T04:10:00Z');
  const done = { at: Date.parse('2026-12-01T04:00:00Z'), outcome: 'done' };
  expect((await list())[0]).toMatchObject({ settledDay: '2026-12-01', lastRun: done });
  expect((await list())[1]?.lastRun?.outcome).toBe('done');
});
