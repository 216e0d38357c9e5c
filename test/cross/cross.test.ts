import { afterAll, describe, expect, test } from 'bun:test';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CLIENTS } from './clients/all.ts';
import { CONVERSATIONS } from './conversations.ts';
import { checkHeard, checkUpstream, converse, type Pair } from './converse.ts';
import { startHouse } from './house.ts';
import { LIMITS, type Limit, limitsOf } from './limits.ts';
import { PROVIDERS } from './providers.ts';
import { renderReport } from './report.ts';

const REPORT = join(import.meta.dir, '../../test-results/cross.json');

/** One field of the table, for the docs that are made of it. */
interface Field {
  client: string;
  sdk: string;
  clientDialect: string;
  provider: string;
  providerDialect: string;
  conversation: string;
  isStreamed: boolean;
  outcome: 'ok' | 'dropped' | 'refused' | 'unsayable' | 'failed';
  /** What was left out or refused and why, or what went wrong. */
  reason?: string;
}

type Result = Pick<Field, 'outcome' | 'reason'>;

const house = await startHouse();
const fields: Field[] = [];
const met = new Set<Limit>();

afterAll(async () => {
  await house.stop();
  await mkdir(join(REPORT, '..'), { recursive: true });
  const conversations = CONVERSATIONS.map(({ id, title }) => ({ id, title }));
  await Bun.write(REPORT, `${JSON.stringify({ conversations, fields }, null, 1)}\n`);
});

for (const client of CLIENTS) {
  for (const provider of PROVIDERS) {
    describe(`${client.id} to ${provider.id}`, () => {
      for (const conversation of CONVERSATIONS) {
        if (provider.only && !provider.only.includes(conversation.id)) continue;
        for (const isStreamed of [false, true]) addTest({ house, client, provider, conversation, isStreamed });
      }
    });
  }
}

test('every limit in the list was met', () => {
  expect(LIMITS.filter((limit) => !met.has(limit))).toEqual([]);
});

test('docs/translation.md is what was found', async () => {
  const page = await Bun.file(join(import.meta.dir, '../../docs/translation.md')).text();
  const titles = CONVERSATIONS.map(({ title }) => title);
  expect(page).toBe(renderReport(fields, titles));
});

test('nothing was logged as a bug', () => {
  expect(house.gateway.logged.errors).toEqual([]);
});

function addTest(pair: Pair): void {
  const { client, conversation, isStreamed } = pair;
  const unsayable = client.unsayable?.[conversation.id];
  if (unsayable) {
    note(pair, { outcome: 'unsayable', reason: unsayable });
    return;
  }
  test(`${conversation.title}${isStreamed ? ', streamed' : ''}`, async () => {
    try {
      note(pair, await check(pair));
    } catch (thrown) {
      note(pair, { outcome: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) });
      throw thrown;
    }
  });
}

/** Has the conversation and finds it as it should be, but for what the pair is known not to be able to do. */
async function check(pair: Pair): Promise<Result> {
  const limits = limitsOf(pair);
  for (const limit of limits) if (limit.verdict.type === 'refused') return await checkRefused(pair, limit);

  const heard = await converse(pair);
  const missed = new Set(heard.flatMap(({ dropped }) => dropped));
  const known = limits.filter(({ verdict }) => verdict.type === 'dropped' && missed.has(verdict.name));
  for (const limit of known) met.add(limit);
  expect([...missed].sort()).toEqual(known.map(nameOf).sort());
  if (known.some(({ verdict }) => verdict.type === 'dropped' && verdict.isFelt)) {
    for (const { text } of heard) expect(text).not.toBe('');
  } else {
    checkHeard(heard, pair);
    await checkUpstream(heard, pair);
  }
  if (known.length === 0) return { outcome: 'ok' };
  return { outcome: 'dropped', reason: known.map((limit) => `${nameOf(limit)}: ${limit.reason}`).join(' ') };
}

function nameOf({ verdict }: Limit): string {
  return verdict.type === 'dropped' ? verdict.name : '';
}

async function checkRefused(pair: Pair, limit: Limit): Promise<Result> {
  const { verdict, reason } = limit;
  const refusal = await converse(pair).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (verdict.type === 'refused') {
    expect(statusOf(refusal)).toBe(verdict.status);
    expect(String(refusal)).toContain(verdict.saying);
  }
  met.add(limit);
  return { outcome: 'refused', reason };
}

/** Every SDK's error has it, by one of two names. */
function statusOf(thrown: unknown): unknown {
  const { status, statusCode } = (thrown ?? {}) as { status?: number; statusCode?: number };
  return status ?? statusCode;
}

function note({ client, provider, conversation, isStreamed }: Pair, result: Result): void {
  fields.push({
    client: client.id,
    sdk: client.sdk,
    clientDialect: client.dialect,
    provider: provider.id,
    providerDialect: provider.dialect,
    conversation: conversation.id,
    isStreamed,
    ...result,
  });
}
