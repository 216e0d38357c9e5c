import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';
import { type HostileCase, hostileCase } from './cases.ts';
import { ask, hostileGateway } from './clients.ts';
import { startHostileUpstream } from './hostile-upstream.ts';
import { complaintAbout } from './legal-reply.ts';
import { recordedFixtures } from './recorded-fixtures.ts';

// Ten thousand spoilt replies through the whole gateway, to clients of every dialect. `HOSTILE_CASES` and `HOSTILE_SEED` draw
// more of them or others; `HOSTILE_ONLY` runs the one of that number and shows it.
const CASES = Number(process.env.HOSTILE_CASES ?? 10_000);
const SEED = Number(process.env.HOSTILE_SEED ?? 1);
const ONLY = process.env.HOSTILE_ONLY;
const AT_ONCE = 48;
const PATIENCE_MS = 10_000;
const MIB = 2 ** 20;

const fixtures = recordedFixtures();
const caseOf = (id: number): HostileCase => hostileCase(id, SEED, fixtures);
const ids = ONLY === undefined ? [...Array(CASES).keys()] : [Number(ONLY)];

let gateway: TestGateway;
let upstream: Awaited<ReturnType<typeof startHostileUpstream>>;
const rejections: unknown[] = [];
const noteRejection = (reason: unknown): void => void rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', noteRejection);
  upstream = await startHostileUpstream(caseOf);
  gateway = await startGateway(hostileGateway(upstream.url));
});
afterAll(async () => {
  process.off('unhandledRejection', noteRejection);
  await gateway.stop();
  upstream.stop();
});

/** Runs a case and says what was wrong with it. */
async function run(id: number): Promise<string | null> {
  const hostile = caseOf(id);
  const { client, provider, stream } = hostile;
  try {
    const response = await ask(gateway, hostile, AbortSignal.timeout(PATIENCE_MS));
    const heard = {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      text: await response.text(),
    };
    const complaint = complaintAbout(hostile, heard);
    if (ONLY !== undefined)
      console.log({ hostile, sent: Buffer.concat(hostile.pieces).toString().slice(0, 3000), heard, complaint });
    return complaint && `case ${id}, ${client} of ${provider}${stream ? ', streamed' : ''}: ${complaint}`;
  } catch (thrown) {
    return `case ${id}, ${client} of ${provider}${stream ? ', streamed' : ''}: ${thrown}`;
  }
}

async function runAll(): Promise<string[]> {
  const complaints: string[] = [];
  const queue = ids.values();
  const work = async (): Promise<void> => {
    for (const id of queue) {
      const complaint = await run(id);
      if (complaint) complaints.push(complaint);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return complaints;
}

test(
  `${ids.length} spoilt replies: every client is told something legal, and nothing is left behind`,
  async () => {
    const before = process.memoryUsage().rss;
    const complaints = await runAll();
    if (complaints.length > 0) console.log(`${complaints.length} complaints`);
    expect(complaints.slice(0, 40)).toEqual([]);

    expect(gateway.logged.errors).toEqual([]);
    expect(upstream.unknown()).toBe(0);
    Bun.gc(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * MIB);
  },
  { timeout: 300_000 },
);

test('the ledger has one row for each, and nothing absurd in any', async () => {
  const rows = await gateway.allRequests();
  expect(rows.length).toBe(ids.length);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  for (const row of rows) {
    const counts = Object.entries(row).filter(([name]) => name.endsWith('Tokens'));
    expect([row.id, counts.filter(([, value]) => !isCount(value))]).toEqual([row.id, []]);
    expect(row.costNanoUsd === null || isCount(row.costNanoUsd)).toBe(true);
    expect(row.errorCode).not.toBe('internal');
    expect(row.outcome).not.toBeNull();
    expect(JSON.stringify(row).length).toBeLessThan(20_000);
  }
  const attempts = await gateway.allAttempts();
  expect(attempts.filter(({ inputTokens, outputTokens }) => !isCount(inputTokens) || !isCount(outputTokens))).toEqual(
    [],
  );
  expect(attempts.filter(({ errorMessage }) => (errorMessage?.length ?? 0) > 2000)).toEqual([]);
});

test('the spend of the key can still be summed up', async () => {
  const response = await fetch(`${gateway.url}/v1/usage`, { headers: { authorization: `Bearer ${gateway.key}` } });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ this_month: { requests: ids.length } });
});

test('no upstream connection is left, and no promise was forgotten', async () => {
  for (let waited = 0; upstream.underWay() > 0 && waited < 2000; waited += 20) await Bun.sleep(20);
  expect(upstream.underWay()).toBe(0);
  expect(rejections).toEqual([]);
});
