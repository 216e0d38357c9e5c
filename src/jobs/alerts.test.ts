import { beforeEach, expect, test } from 'bun:test';
import { createHmac } from 'node:crypto';
import { type Db, openDatabase } from '../db/client.ts';
import { listEvents } from '../db/queries/events.ts';
import { deliveries, type EventRow } from '../db/schema.ts';
import { type GuardedPost, Unreachable } from '../lib/guarded-post.ts';
import { Secret } from '../lib/secret.ts';
import { createAlerts } from './alerts.ts';

const SECRET = 'a secret of some length';
const EVENT: EventRow = {
  ...{ id: 'budget key k1 day 2030-01-01 100 80', type: 'budget.threshold', at: Date.UTC(2030, 0, 1) },
  data: { holder: 'key', percent: 80 },
};

let db: Db;
let clock: { ms: number };
let sent: GuardedPost[];
let answer: () => Promise<number>;
let warnings: string[];
beforeEach(() => {
  db = openDatabase(':memory:');
  clock = { ms: Date.UTC(2030, 0, 1, 12) };
  sent = [];
  warnings = [];
  answer = async () => 204;
});

function create({ secret = SECRET, isOn = true } = {}) {
  const url = new URL('https://hooks.example/in?token=canary');
  return createAlerts({
    ...{ db, now: () => clock.ms },
    log: { info: () => {}, warn: (message) => void warnings.push(message), error: () => {} },
    webhook: isOn ? { url, secret: new Secret(secret), allowsPrivate: false } : null,
    post: async (post) => {
      sent.push(post);
      return await answer();
    },
  });
}

async function row() {
  const [first] = await db.select().from(deliveries);
  return first;
}

test('an event is kept and sent, signed so that the receiver can check it', async () => {
  const alerts = create();
  alerts.raise(EVENT);
  await alerts.flush();
  expect(await listEvents(db, 10)).toEqual([EVENT]);
  expect(sent).toHaveLength(1);
  const [{ headers, body, timeoutMs }] = sent as [GuardedPost];
  expect(timeoutMs).toBeLessThanOrEqual(10_000);
  expect(JSON.parse(body)).toEqual({ type: EVENT.type, timestamp: '2030-01-01T00:00:00.000Z', data: EVENT.data });
  expect(headers['webhook-timestamp']).toBe(String(clock.ms / 1000));
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`);
  expect(await row()).toMatchObject({ tries: 1, nextTryAt: null, deliveredAt: clock.ms, lastError: null });
});

test('a secret in the form of standardwebhooks.com is taken as its bytes', async () => {
  // The example of its specification.
  const { signMessage } = await import('./sign-message.ts');
  const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' };
  expect(signMessage(message, secret)['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('the same event is told once, also by another process', async () => {
  const alerts = create();
  alerts.raise(EVENT);
  alerts.raise(EVENT);
  await alerts.flush();
  const later = create();
  later.raise(EVENT);
  await later.flush();
  expect(sent).toHaveLength(1);
  expect(await listEvents(db, 10)).toHaveLength(1);
});

test('what does not arrive is tried again, later and later, over restarts, under the same id', async () => {
  answer = async () => 500;
  const first = create();
  first.raise(EVENT);
  await first.flush();
  await first.flush();
  expect(sent).toHaveLength(1);
  expect(await row()).toMatchObject({ tries: 1, nextTryAt: clock.ms + 10_000, lastError: 'It answered 500.' });
  await first.stop();

  const second = create();
  clock.ms += 10_000;
  await second.flush();
  expect(await row()).toMatchObject({ tries: 2, nextTryAt: clock.ms + 60_000 });
  answer = async () => 200;
  clock.ms += 60_000;
  await second.flush();
  expect(await row()).toMatchObject({ tries: 3, nextTryAt: null, deliveredAt: clock.ms });
  expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('and given up in the end, which is said', async () => {
  answer = async () => 500;
  const alerts = create();
  alerts.raise(EVENT);
  for (let i = 0; i < 20; i++) {
    await alerts.flush();
    clock.ms += 86_400_000;
  }
  expect(sent).toHaveLength(9);
  expect(await row()).toMatchObject({ tries: 9, nextTryAt: null, deliveredAt: null });
  expect(warnings).toEqual(['The webhook was given up after 9 tries: It answered 500.']);
});

test('why it failed is kept, without the address', async () => {
  const alerts = create();
  answer = () =>
    Promise.reject(Object.assign(new Error('GET https://hooks.example/in?token=canary'), { code: 'ECONNREFUSED' }));
  alerts.raise(EVENT);
  await alerts.flush();
  expect((await row())?.lastError).toBe('It could not be reached (ECONNREFUSED).');
  answer = () => Promise.reject(new Unreachable('hooks.example leads into a private network.'));
  clock.ms += 86_400_000;
  await alerts.flush();
  expect((await row())?.lastError).toBe('hooks.example leads into a private network.');
});

test('two rounds at once send a message once', async () => {
  const alerts = create();
  alerts.raise(EVENT);
  await Promise.all([alerts.flush(), alerts.flush(), alerts.flush()]);
  expect(sent).toHaveLength(1);
});

test('without a webhook events are kept, and none is sent when one is set later', async () => {
  const quiet = create({ isOn: false });
  quiet.raise(EVENT);
  await quiet.flush();
  await create().flush();
  expect([(await listEvents(db, 10)).length, sent.length]).toEqual([1, 0]);
});

test('what was raised just before the end is stored, and sent after the next start', async () => {
  const alerts = create();
  alerts.raise(EVENT);
  await alerts.stop();
  expect(sent).toEqual([]);
  await create().flush();
  expect(sent).toHaveLength(1);
});
