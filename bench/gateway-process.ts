import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A gateway, a provider in front of which it stands, and the load on it, each a process of its own on this machine.

const ROOT = join(import.meta.dir, '..');
const TICKS_PER_SECOND = 100;
const CALL_LIMIT = { BUN_CONFIG_MAX_HTTP_REQUESTS: '65336' } as const;

export type Kind = 'chat' | 'cached' | 'stream';

export interface Load {
  kind: Kind;
  concurrency: number;
  seconds: number;
}

export interface Loaded {
  requests: number;
  failed: number;
  perSecond: number;
  p50: number;
  p99: number;
}

export async function startMock() {
  const child = Bun.spawn(['bun', 'bench/mock-provider.ts'], { cwd: ROOT, stdout: 'pipe', stderr: 'inherit' });
  const [, port] = await readLine(child.stdout, /^(\d+)$/m);
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

export type GatewayProcess = Awaited<ReturnType<typeof startGateway>>;

/** Starts the gateway of a checkout on a data folder of its own. */
export async function startGateway(mockUrl: string, checkout = ROOT) {
  const dataDir = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
  const startedAt = performance.now();
  const child = Bun.spawn(['bun', 'src/main.ts'], {
    cwd: checkout,
    env: {
      ...process.env,
      ...CALL_LIMIT,
      DATA_DIR: dataDir,
      PORT: '0',
      OPENAI_API_KEY: 'sk-bench',
      OPENAI_BASE_URL: `${mockUrl}/v1`,
      REGISTRY_REFRESH: 'off',
      REQUESTS_PER_MINUTE: '0',
    },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const [, url = '', key = ''] = await readLine(child.stdout, /serves at (\S+)[\s\S]*First key\s+(\S+)/);
  await fetch(`${url}/health`);
  const startMs = performance.now() - startedAt;

  return {
    url,
    key,
    /** From the start of the process to the first answer. */
    startMs,
    cpuSeconds: () => cpuSeconds(child.pid),
    residentMiB: () => residentMiB(child.pid),
    async stop(): Promise<void> {
      child.kill();
      await child.exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What one request of such a load costs the gateway, in microseconds of a processor. */
export async function measure(gateway: GatewayProcess, load: Load): Promise<Loaded & { cpuUs: number }> {
  const before = await gateway.cpuSeconds();
  const through = await runLoad(gateway.url, gateway.key, load);
  const cpuUs = (((await gateway.cpuSeconds()) - before) * 1e6) / through.requests;
  return { ...through, cpuUs };
}

/** A process of its own asks `url` for as long as it is told to. */
export async function runLoad(url: string, key: string, { concurrency, seconds, kind }: Load): Promise<Loaded> {
  const child = Bun.spawn(['bun', 'bench/load.ts', url, key, String(concurrency), String(seconds), kind], {
    cwd: ROOT,
    env: { ...process.env, ...CALL_LIMIT },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  return JSON.parse(await new Response(child.stdout).text());
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
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
