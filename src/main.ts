import { parseArgs } from 'node:util';
import { version } from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { listAllKeys } from './db/queries/gateway-keys.ts';
import { openaiChat } from './dialects/openai-chat/index.ts';
import { systemClock } from './lib/clock.ts';
import { consoleLog } from './lib/log.ts';
import { classify } from './pipeline/classifier/index.ts';
import { createServices, type Services } from './services/index.ts';

/** How long entries of requests that were cut may take to close. */
const CLOSING_MS = 1000;

const startedAt = performance.now();
const log = consoleLog;

try {
  await start();
} catch (error) {
  // Whatever goes wrong before the gateway serves is the operator's to mend, and said in a sentence.
  log.error(explain(error));
  process.exit(1);
}

async function start(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values: options } = parseArgs({ options: { demo: flag, version: flag } });
  if (options.version) return log.info(version);
  const config = loadConfig(process.env);
  warnOfCallLimit();

  const services = await createServices({ config, env: process.env, now: systemClock, log });
  const app = createApp(services).listen({ port: config.port, hostname: config.host });
  const url = `http://${hostName(config.host)}:${app.server?.port}`;
  const published = config.publishedPort === null ? url : `http://localhost:${config.publishedPort}`;
  await greet(services, config.publicUrl ?? published);
  stopOnSignal(services, app);
  services.alerts.start();
  services.retention.start();
  services.scheduler.start();
  await warmUp(services.stages, app);
  if (options.demo) {
    const { playDemo } = await import('./demo/index.ts');
    await playDemo({ url, keys: services.keys, log });
  }
}

/** How a browser on this machine gets there. */
function hostName(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Works the catalogue out and lets the compiler see the hot path, so that the first request does not pay for it. */
async function warmUp({ router }: Services['stages'], app: ReturnType<typeof createApp>): Promise<void> {
  // Without a key it gets no further than the door, and nobody hears of it.
  await app.handle(new Request('http://localhost/v1/chat/completions', { method: 'POST' }));
  for (const content of ['hello', 'Prove that there are infinitely many primes, then write `sieve(n)` in C.']) {
    const request = openaiChat.parseRequest({ model: 'auto', messages: [{ role: 'user', content }] }, {});
    try {
      router.choose({ request, classification: classify(request) });
    } catch {
      // Nobody can answer yet; a request will be told why.
    }
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  return isTaken
    ? 'Cannot start: something else listens on this port already. Set PORT to another one.'
    : error.message;
}

/** Bun holds back every provider call past 256 unless told otherwise before it starts. */
function warnOfCallLimit(): void {
  if (Number(process.env.BUN_CONFIG_MAX_HTTP_REQUESTS ?? 0) < 1024) {
    log.warn('BUN_CONFIG_MAX_HTTP_REQUESTS is not set: at most 256 provider calls run at once. bin/start sets it.');
  }
}

async function greet(services: Services, url: string): Promise<void> {
  const { accounts, connections } = services;
  const lines = [
    `LLM Gateway ${version} serves at ${url} (started in ${Math.round(performance.now() - startedAt)} ms)`,
    '',
  ];
  const setupToken = await accounts.issueSetupToken();
  if (setupToken)
    lines.push(`  Setup      ${url}/setup?token=${setupToken}`, '             makes the first admin; good for one use');
  else lines.push(`  Dashboard  ${url}/dashboard`);

  const firstKey = await createFirstKey(services);
  if (firstKey)
    lines.push(`  First key  ${firstKey}`, '             shown this once; programs send it as their API key');

  const names = connections.list().map(({ provider }) => provider.label);
  lines.push(
    connections.isSimulating()
      ? '  Providers  the simulator, because no provider key is set: answers and costs are simulated'
      : `  Providers  ${names.join(', ') || 'none: set a provider key or SIMULATOR=on'}`,
  );
  log.info(`${lines.join('\n')}\n`);
}

/** A key to begin with, where there has never been one; null otherwise. */
async function createFirstKey({ db, keys }: Services): Promise<string | null> {
  if ((await listAllKeys(db)).length > 0) return null;
  const { key } = await keys.create({ name: 'first key', userId: null });
  return key;
}

/** Lets what is under way end, within the time set, and then stops in the reverse order of the start. */
function stopOnSignal(services: Services, app: ReturnType<typeof createApp>): void {
  const { ledger } = services.stages;
  let isStopping = false;

  /** Cuts what is still under way, and gives its ledger entries a moment to close. */
  const cut = async (): Promise<void> => {
    // Elysia complains of being stopped twice.
    if (app.server) await app.stop(true);
    for (let waited = 0; ledger.openCount() > 0 && waited < CLOSING_MS; waited += 20) await Bun.sleep(20);
  };
  const stop = async (): Promise<void> => {
    if (isStopping) {
      await cut();
    } else {
      isStopping = true;
      log.info('Stopping: new requests are refused, those under way may end.');
      // Pages that stand open would never end by themselves.
      services.live.stop();
      const hurry = setTimeout(() => void cut(), services.config.shutdownMs);
      await app.stop();
      clearTimeout(hurry);
      await cut();
    }
    await services.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}
