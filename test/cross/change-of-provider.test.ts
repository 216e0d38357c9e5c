import { afterAll, describe, expect, test } from 'bun:test';
import { CLIENTS } from './clients/all.ts';
import { CONVERSATIONS } from './conversations.ts';
import { checkHeard, converse, type Pair } from './converse.ts';
import { startHouse } from './house.ts';
import { PROVIDERS } from './providers.ts';
import { proofsIn } from './witness.ts';

/** In the middle of a tool loop, and between two turns of the user. */
const CHANGES = [
  { step: 1, when: 'while tools are at work' },
  { step: 2, when: 'between two questions' },
];

const house = await startHouse();
afterAll(house.stop);

const conversation = CONVERSATIONS.find(({ id }) => id === 'thinking-tools')!;
const rows = PROVIDERS.filter(({ only }) => !only);

for (const client of CLIENTS) {
  for (const provider of rows) {
    for (const to of rows.filter((row) => row !== provider)) {
      describe(`${client.id}: ${provider.id}, then ${to.id}`, () => {
        for (const { step, when } of CHANGES) {
          for (const isStreamed of [false, true]) {
            test(`${when}${isStreamed ? ', streamed' : ''}`, () =>
              check({ house, client, provider, conversation, isStreamed, change: { step, to } }));
          }
        }
      });
    }
  }
}

test('nothing was logged as a bug', () => {
  expect(house.gateway.logged.errors).toEqual([]);
});

/**
 * The second provider goes on where the first one stopped, and is not shown the first one's proofs. Between equal dialects the
 * client's bytes go through, and what a vendor would refuse in them is that vendor's own test.
 */
async function check(pair: Pair): Promise<void> {
  const heard = await converse(pair);
  checkHeard(heard, pair);
  if (pair.client.dialect === pair.change?.to.dialect) return;
  const { exchanges } = house.witness;
  const step = pair.change?.step ?? 0;
  const before = await Promise.all(exchanges.slice(0, step).map(({ reply }) => reply));
  const after = JSON.stringify(exchanges.slice(step).map(({ body }) => body));
  for (const proof of before.flatMap(proofsIn)) expect(after).not.toContain(proof);
}
