import { parseArgs } from 'node:util';
import { type GatewayProcess, type Kind, type Load, measure, startGateway, startMock } from './gateway-process.ts';

/**
 * What a request costs the gateways of several checkouts, side by side: `bun bench/compare.ts [--rounds 4] [--seconds 3] NAME=FOLDER
 * NAME=FOLDER`. On a machine with neighbours only ratios within one run mean anything, so the gateways take turns, in one
 * order and then in the other, and the median of the rounds counts. Each is started anew some times for start-up and memory.
 */
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    starts: { type: 'string', default: '5' },
  },
});
const [rounds, seconds, starts] = [Number(options.rounds), Number(options.seconds), Number(options.starts)];
const CASES: [string, Load][] = [
  caseOf('chat', 1),
  caseOf('chat', 16),
  caseOf('chat', 64),
  caseOf('cached', 16),
  caseOf('stream', 16),
];
const chosen = CASES.filter(([name]) => name.includes(options.only));
const checkouts = positionals.map((text) => {
  const [name = '', folder = ''] = text.split('=');
  return { name, folder };
});

const mock = await startMock();
const figures = new Map<string, Map<string, number[]>>();
const note = (title: string, name: string, value: number): void => {
  const row = figures.get(title) ?? new Map<string, number[]>();
  figures.set(title, row);
  row.set(name, [...(row.get(name) ?? []), value]);
};

for (let round = 0; round < starts; round++) {
  for (const { name, folder } of inTurn(checkouts, round)) {
    const gateway = await startGateway(mock.url, folder);
    await Bun.sleep(1500);
    note('start to first 200, ms', name, gateway.startMs);
    note('memory at rest, MiB', name, await gateway.residentMiB());
    await gateway.stop();
  }
}

const running: { name: string; gateway: GatewayProcess }[] = [];
for (const { name, folder } of checkouts) running.push({ name, gateway: await startGateway(mock.url, folder) });
try {
  for (const { gateway } of running) {
    // Until the compiler is through, it takes as much of the processor as the requests do.
    await measure(gateway, { kind: 'chat', concurrency: 16, seconds: 8 });
    for (const kind of ['cached', 'stream'] as const) await measure(gateway, { kind, concurrency: 16, seconds: 4 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [title, load] of chosen) {
      for (const { name, gateway } of inTurn(running, round)) {
        const { cpuUs, failed } = await measure(gateway, { ...load, seconds });
        if (failed > 0) console.error(`${name}, ${title}: ${failed} failed`);
        note(`${title}, CPU-µs`, name, cpuUs);
      }
    }
  }
  for (const { name, gateway } of running) note('memory after the load, MiB', name, await gateway.residentMiB());
  for (const { name, gateway } of running) {
    await measure(gateway, { kind: 'stream', concurrency: 256, seconds: 2 });
    await Bun.sleep(3000);
    note('memory after 256 streams at once, MiB', name, await gateway.residentMiB());
  }
} finally {
  for (const { gateway } of running) await gateway.stop();
  mock.stop();
}

const names = checkouts.map(({ name }) => name);
console.log(['', ...names, ...names.slice(1).map((name) => `${name}/${names[0]}`)].join(' | '));
for (const [title, row] of figures) {
  const medians = names.map((name) => median(row.get(name) ?? []));
  const ratios = medians.slice(1).map((value) => (value / (medians[0] ?? Number.NaN)).toFixed(2));
  console.log([title, ...medians.map((value) => Math.round(value)), ...ratios].join(' | '));
}

function caseOf(kind: Kind, concurrency: number): [string, Load] {
  return [`${kind} c=${concurrency}`, { kind, concurrency, seconds }];
}

/** In one order in even rounds, in the other in odd ones. */
function inTurn<T>(all: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [...all] : all.toReversed();
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
