import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { createServices } from '../src/services/index.ts';
import { seedLedger } from './seed-ledger.ts';

/**
 * `bun bench/live.ts [--tabs 50] [--seconds 10] [--perSecond 5] [--rows 100000]`: what tabs that stand open on the overview
 * cost the gateway while requests come in all the time. Prints its share of a processor (user and system, all threads) with
 * no tab and with all of them; the tabs cost the difference.
 */
const number = (value: string) => ({ type: 'string', default: value }) as const;
const { values: options } = parseArgs({
  options: { tabs: number('50'), seconds: number('10'), perSecond: number('5'), rows: number('100000') },
});
const [tabs, seconds, perSecond] = [Number(options.tabs), Number(options.seconds), Number(options.perSecond)];
const ROOT = join(import.meta.dir, '..');
const TICKS_PER_SECOND = 100;

const dataDir = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
const db = openDatabase(join(dataDir, 'gateway.db'));
seedLedger(db, { rows: Number(options.rows), days: 3, keys: 50, models: 20, until: Date.now() });
db.close();
const log = { info: () => {}, warn: () => {}, error: console.error };
const config = loadConfig({ DATA_DIR: dataDir, REGISTRY_REFRESH: 'off' });
const services = await createServices({ config, env: {}, now: Date.now, log });
const { key } = await services.keys.create({ name: 'live', userId: 'user-0' });
const cookie = `${services.sessionCookie.name}=${await services.sessions.start('user-0')}`;
await services.stop();

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const gateway = Bun.spawn(['bun', 'src/main.ts'], {
  cwd: ROOT,
  env: {
    ...process.env,
    BUN_CONFIG_MAX_HTTP_REQUESTS: '65336',
    DATA_DIR: dataDir,
    PORT: String(port),
    REGISTRY_REFRESH: 'off',
  },
  stdout: 'ignore',
  stderr: 'inherit',
});

try {
  for (let tries = 0; tries < 100 && !(await isUp()); tries++) await Bun.sleep(100);
  let asked = 0;
  const timer = setInterval(() => void ask(asked++), 1000 / perSecond);
  await Bun.sleep(3000);
  const without = await share();
  const open = await Promise.all(Array.from({ length: tabs }, openTab));
  await Bun.sleep(3000);
  for (const tab of open) tab.messages = 0;
  const withTabs = await share();
  clearInterval(timer);
  const messages = open.map((tab) => tab.messages / seconds);
  console.log(`${perSecond} requests/s without a tab: ${without.toFixed(2)} % of a processor`);
  console.log(
    `the same with ${tabs} tabs: ${withTabs.toFixed(2)} %, so the tabs cost ${(withTabs - without).toFixed(2)} %`,
  );
  console.log(`messages a second to a tab: ${Math.min(...messages).toFixed(1)} to ${Math.max(...messages).toFixed(1)}`);
  for (const tab of open) tab.close();
} finally {
  gateway.kill();
  await gateway.exited;
  await rm(dataDir, { recursive: true, force: true });
}

async function isUp(): Promise<boolean> {
  return await fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const probe = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port: free } = probe;
  await probe.stop(true);
  return free ?? 0;
}

async function ask(turn: number): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'auto',
      messages: [{ role: 'user', content: `How many is ${turn}?` }],
      max_tokens: 5,
    }),
  });
  await response.arrayBuffer();
  if (!response.ok) console.error(`a request was answered ${response.status}`);
}

/** The gateway's part of one processor over the time of a measurement, in percent. */
async function share(): Promise<number> {
  const [from, cpu] = [performance.now(), await cpuSeconds()];
  await Bun.sleep(seconds * 1000);
  return (100_000 * ((await cpuSeconds()) - cpu)) / (performance.now() - from);
}

/** User and system time of all threads, from Linux's /proc. */
async function cpuSeconds(): Promise<number> {
  const stat = await readFile(`/proc/${gateway.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** A tab on the overview, which reads what it is sent. */
async function openTab() {
  const leaving = new AbortController();
  const response = await fetch(`${url}/dashboard/live?topic=overview`, {
    headers: { cookie },
    signal: leaving.signal,
  });
  if (!response.ok || !response.body) throw new Error(`a tab was answered ${response.status}`);
  const reader = response.body.getReader();
  const tab = { messages: 0, close: () => leaving.abort() };
  const decoder = new TextDecoder();
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      tab.messages += decoder.decode(part.value).split('\n\n').length - 1;
    }
  })().catch(() => {});
  return tab;
}
