import { type Kind, measure, runLoad, startGateway, startMock } from './gateway-process.ts';

/**
 * What a request through the gateway costs: `bun bench/run.ts`. Prints CPU time of the gateway per request (user and system,
 * all threads), throughput, latency with the provider's own beside it, start-up time and memory: at rest, after all of the
 * load, and after a burst of streams.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const KINDS: readonly Kind[] = ['chat', 'cached', 'stream'];

const mock = await startMock();
const gateway = await startGateway(mock.url);
console.log(`start to first 200: ${Math.round(gateway.startMs)} ms`);
await Bun.sleep(1000);
await tellMemory('at rest');

try {
  for (const kind of KINDS) {
    for (const concurrency of [1, 16, 64]) {
      const load = { kind, concurrency, seconds: SECONDS };
      await measure(gateway, { ...load, seconds: SECONDS / 2 });
      const through = await measure(gateway, load);
      const direct = await runLoad(mock.url, '', { ...load, seconds: SECONDS / 2 });
      console.log(
        `${kind} c=${concurrency}: ${Math.round(through.cpuUs)} CPU-µs a request, ${through.perSecond}/s, p50 ${through.p50} µs, p99 ${through.p99} µs` +
          ` (provider alone p50 ${direct.p50}, p99 ${direct.p99})${through.failed > 0 ? ` ${through.failed} FAILED` : ''}`,
      );
    }
  }
  await tellMemory('after the load');
  await measure(gateway, { kind: 'stream', concurrency: 256, seconds: SECONDS / 2 });
  await Bun.sleep(3000);
  await tellMemory('after 256 streams at once');
} finally {
  await gateway.stop();
  mock.stop();
}

async function tellMemory(when: string): Promise<void> {
  console.log(`memory ${when}: ${Math.round(await gateway.residentMiB())} MiB`);
}
