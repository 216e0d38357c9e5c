/**
 * Closed-loop load on one address: `bun bench/load.ts URL KEY CONCURRENCY SECONDS KIND`, where KIND is `chat`, `cached` or
 * `stream`. Prints one line of JSON: requests a second, and latency in microseconds.
 */
const [url = '', key = '', concurrency = '16', seconds = '4', kind = 'chat'] = process.argv.slice(2);

const padding = 'Tell me about the history of bridges in one paragraph. '.repeat(14);
const until = performance.now() + Number(seconds) * 1000;
const latencies: number[] = [];
/** No question of this run was asked in another, so that `chat` and `stream` never meet the cache. */
const run = crypto.randomUUID();
let failed = 0;

function bodyOf(turn: number): string {
  const content = kind === 'cached' ? padding : `${run} ${turn} ${padding}`;
  return JSON.stringify({ model: 'gpt-6-luna', messages: [{ role: 'user', content }], stream: kind === 'stream' });
}

let turns = 0;
async function work(): Promise<void> {
  while (performance.now() < until) {
    const started = performance.now();
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: bodyOf(turns++),
    });
    await response.arrayBuffer();
    if (!response.ok) failed++;
    latencies.push((performance.now() - started) * 1000);
  }
}

const started = performance.now();
await Promise.all(Array.from({ length: Number(concurrency) }, work));
const elapsed = (performance.now() - started) / 1000;
latencies.sort((a, b) => a - b);
const at = (share: number): number => Math.round(latencies[Math.floor(share * (latencies.length - 1))] ?? 0);
const requests = latencies.length;
console.log(
  JSON.stringify({ requests, failed, perSecond: Math.round(requests / elapsed), p50: at(0.5), p99: at(0.99) }),
);
