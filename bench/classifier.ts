import { plainRequest } from '../src/chat/fixture.ts';
import { classify } from '../src/pipeline/classifier/index.ts';

// How long the classifier takes for one request. Run: bun bench/classifier.ts

const WARM_UP = 5_000;
const ROUNDS = 20_000;

const PARAGRAPH =
  'A warehouse must ship 1,240 parcels before noon. Each of its 7 lanes handles at most 38 parcels an hour, lane 3 is closed ' +
  'until 09:30, and no lane may run longer than 3 hours without a break of 20 minutes. If the first truck leaves at 07:15, ' +
  'which schedule finishes earliest, and why is no other schedule faster? Compare two strategies, then write a function ' +
  '`plan(lanes)` that returns the better one and prove that it is optimal under these constraints. ';

const PROMPTS: Record<string, string> = {
  '50 characters': 'What is the difference between a lake and a pond?',
  '500 characters': PARAGRAPH.repeat(2).slice(0, 500),
  '500 characters of Chinese': '请设计一个可扩展的分布式系统，证明它在任意两个节点失效时仍然一致。'
    .repeat(16)
    .slice(0, 500),
  '2,000 characters of code': 'for (const row of rows) { total[row.id] ??= 0; total[row.id] += row.price * 2; }\n'
    .repeat(30)
    .slice(0, 2_000),
  '1 MB': PARAGRAPH.repeat(2_000).slice(0, 1_048_576),
};

for (const [name, prompt] of Object.entries(PROMPTS)) {
  const request = plainRequest(prompt);
  for (let round = 0; round < WARM_UP; round++) classify(request);

  const tookUs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = Bun.nanoseconds();
    classify(request);
    tookUs.push((Bun.nanoseconds() - started) / 1_000);
  }
  tookUs.sort((a, b) => a - b);
  const at = (share: number): string => (tookUs[Math.floor(share * (ROUNDS - 1))] ?? 0).toFixed(1).padStart(7);
  console.log(`${name.padEnd(28)} p50 ${at(0.5)} us   p99 ${at(0.99)} us   ${classify(request).complexity}`);
}
