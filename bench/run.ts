import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a request through the gateway costs: `bun bench/run.ts`. Starts a mock provider, the gateway in front of it and a load
 * generator, each a process of its own on this machine, and prints CPU time of the gateway per request (user and system, all
 * threads), throughput, latency with the provider's own beside it, memory and start-up time.
 */
const ROOT = join(import.meta.dir, '..');
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const TICKS_PER_SECOND = 100;

const dataDir = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
const mock = Bun.spawn(['bun', 'bench/mock-provider.ts'], { cwd: ROOT, stdout: 'pipe', stderr: 'inherit' });
const mockUrl = `http://127.0.0.1:${(await readLine(mock.stdout, /^(\d+)$/m))[1]}`;

const startedAt = performance.now();
const gateway = Bun.spawn(['bun', 'src/main.ts'], {
  cwd: ROOT,
  env: {
    ...process.env,
    BUN_CONFIG_MAX_HTTP_REQUESTS: '65336',
    DATA_DIR: dataDir,
    PORT: '0',
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: `${mockUrl}/v1`,
    REQUESTS_PER_MINUTE: '0',
  },
  stdout: 'pipe',
  stderr: 'inherit',
});
const greeting = await readLine(gateway.stdout, /serves at (\S+)[\s\S]*First key\s+(\S+)/);
const [url = '', key = ''] = greeting.slice(1);
await fetch(`${url}/health`);
console.log(`start to first 200: ${Math.round(performance.now() - startedAt)} ms`);
await Bun.sleep(1000);
console.log(`memory at rest: ${await residentMiB(gateway.pid)} MiB`);

try {
  for (const kind of ['chat', 'cached', 'stream'] as const) {
    for (const concurrency of [1, 16, 64]) {
      await load(url, { concurrency, kind, seconds: SECONDS / 2 });
      const cpuBefore = await cpuSeconds(gateway.pid);
      const through = await load(url, { concurrency, kind, seconds: SECONDS });
      const cpu = (await cpuSeconds(gateway.pid)) - cpuBefore;
      const direct = await load(mockUrl, { concurrency, kind, seconds: SECONDS / 2 });
      const micros = Math.round((cpu * 1e6) / through.requests);
      console.log(
        `${kind} c=${concurrency}: ${micros} CPU-µs a request, ${through.perSecond}/s, p50 ${through.p50} µs, p99 ${through.p99} µs` +
          ` (provider alone p50 ${direct.p50}, p99 ${direct.p99})${through.failed > 0 ? ` ${through.failed} FAILED` : ''}`,
      );
    }
  }
  console.log(`memory after: ${await residentMiB(gateway.pid)} MiB`);
} finally {
  gateway.kill();
  mock.kill();
  await gateway.exited;
  await rm(dataDir, { recursive: true, force: true });
}

interface Load {
  concurrency: number;
  kind: string;
  seconds: number;
}

async function load(target: string, { concurrency, kind, seconds }: Load) {
  const child = Bun.spawn(['bun', 'bench/load.ts', target, key, String(concurrency), String(seconds), kind], {
    cwd: ROOT,
    env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: '65336' },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const result: { requests: number; failed: number; perSecond: number; p50: number; p99: number } = JSON.parse(
    await new Response(child.stdout).text(),
  );
  return result;
}

async function readLine(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<RegExpExecArray> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the process ended before it said ${pattern}: ${text}`);
    text += decoder.decode(value);
    const found = pattern.exec(text);
    if (!found) continue;
    // Somebody must go on reading, or the process blocks on a full pipe.
    void (async () => {
      while (!(await reader.read()).done);
    })();
    return found;
  }
}

/** User and system time of all threads, from Linux's /proc. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
