import { expect, test } from 'bun:test';
import type { ChatEvent } from '../../chat/event.ts';
import { plainRequest as ask } from '../../chat/fixture.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { type CacheAnswer, type CacheQuestion, createCache } from './index.ts';

const answer = (text: string): ChatEvent[] => [
  { type: 'start', id: 'r1', model: 'm' },
  { type: 'text-delta', choice: 0, text },
  { type: 'stop', choice: 0, reason: 'stop' },
  { type: 'finish', usage: NO_USAGE },
];

function setUp(options: { ttlMs?: number; maxBytes?: number } = {}) {
  const clock = { ms: 0 };
  const cache = createCache<string>({ ttlMs: 1000, maxBytes: 100_000, ...options, now: () => clock.ms });
  const open = (request: ChatRequest, fields: Partial<CacheQuestion> = {}) =>
    cache.open({ ownerId: 'anna', scope: '', cacheControl: null, request, ...fields });
  return { clock, cache, open };
}

function tell(seat: CacheAnswer<string>, events: ChatEvent[], source: 'whole' | 'broken' = 'whole'): void {
  if (seat.state !== 'miss') throw new Error(`expected a miss, got ${seat.state}`);
  for (const event of events) seat.recorder.see(event);
  seat.recorder.close(source === 'whole' ? { dialect: 'openai-chat', isStream: false, origin: 'm' } : null);
}

test('the same question gets the same answer, streamed or not and in whatever dialect it was asked', async () => {
  const { open } = setUp();
  tell(await open(ask('hello')), answer('hi'));
  const again = ask('hello', {
    stream: true,
    original: { dialect: 'anthropic-messages', body: {}, headers: {} },
  });
  expect(await open(again)).toMatchObject({ state: 'hit', reply: { events: answer('hi'), origin: 'm' } });
});

test('another owner, another scope, another word or another setting is another question', async () => {
  const { open } = setUp();
  tell(await open(ask('hello')), answer('hi'));
  expect((await open(ask('hello'), { ownerId: 'bert' })).state).toBe('miss');
  expect((await open(ask('hello'), { scope: 'cost' })).state).toBe('miss');
  expect((await open(ask('hello '))).state).toBe('miss');
  expect((await open(ask('hello', { temperature: 1 }))).state).toBe('miss');
  expect((await open(ask('hello', { extras: { verbosity: 'low' } }))).state).toBe('miss');
});

test('a field nobody here reads makes another question, wherever it hides, and a dialect too then', async () => {
  const { open } = setUp();
  const hidden = (body: Record<string, unknown>, dialect = 'openai-chat') =>
    open(ask('hello', { original: { dialect, body, headers: {} } }));
  const bodies = [
    { messages: [{ role: 'user', content: 'hello' }] },
    { messages: [{ role: 'user', content: 'hello', prefix: true }] },
    { messages: [{ role: 'user', content: 'hello', prefix: false }] },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'hello', videoMetadata: { fps: 1 } }] }] },
    { messages: [{ role: 'developer', content: 'hello' }] },
  ];
  for (const body of bodies) tell(await hidden(body), answer(JSON.stringify(body)));
  for (const body of bodies) {
    expect(await hidden({ ...body, stream: true })).toMatchObject({ reply: { events: answer(JSON.stringify(body)) } });
  }
  expect((await hidden(bodies[1] ?? {}, 'another-dialect')).state).toBe('miss');
  expect((await hidden(bodies[0] ?? {}, 'another-dialect')).state).toBe('hit');
});

test('an answer is forgotten when its time is over', async () => {
  const { clock, open } = setUp();
  tell(await open(ask('hello')), answer('hi'));
  clock.ms = 999;
  expect((await open(ask('hello'))).state).toBe('hit');
  clock.ms = 1000;
  expect((await open(ask('hello'))).state).toBe('miss');
});

test('Cache-Control is honoured: no-cache asks afresh and stores, no-store does neither, max-age bounds the age', async () => {
  const { clock, open } = setUp();
  tell(await open(ask('hello')), answer('old'));
  tell(await open(ask('hello'), { cacheControl: 'no-cache' }), answer('new'));
  expect(await open(ask('hello'))).toMatchObject({ reply: { events: answer('new') } });
  expect((await open(ask('hello'), { cacheControl: 'private, No-Store' })).state).toBe('bypass');
  clock.ms = 500;
  expect((await open(ask('hello'), { cacheControl: 'max-age=1' })).state).toBe('hit');
  expect((await open(ask('hello'), { cacheControl: 'max-age=0' })).state).toBe('miss');
});

test.each<[string, ChatEvent[]]>([
  ['broke off', answer('hi').slice(0, 2)],
  [
    'was refused',
    [
      { type: 'stop', choice: 0, reason: 'refusal' },
      { type: 'finish', usage: NO_USAGE },
    ],
  ],
  [
    'was filtered',
    [
      { type: 'stop', choice: 0, reason: 'content-filter' },
      { type: 'finish', usage: NO_USAGE },
    ],
  ],
])('an answer that %s is not kept', async (_, events) => {
  const { open } = setUp();
  tell(await open(ask('hello')), events);
  expect((await open(ask('hello'))).state).toBe('miss');
});

test('memory is bounded: the answers used least recently go first', async () => {
  const { cache, open } = setUp({ maxBytes: 5_000 });
  for (let i = 0; i < 50; i++) {
    tell(await open(ask(`question ${i}`)), answer('x'.repeat(400)));
    expect(cache.stats().bytes).toBeLessThanOrEqual(5_000);
  }
  expect((await open(ask('question 49'))).state).toBe('hit');
  expect((await open(ask('question 0'))).state).toBe('miss');
});

test('an answer larger than the cache is told and not kept', async () => {
  const { cache, open } = setUp({ maxBytes: 1_000 });
  tell(await open(ask('hello')), answer('x'.repeat(4000)));
  expect(cache.stats()).toEqual({ entries: 0, bytes: 0 });
});

test('questions asked at the same time are put to the provider once', async () => {
  const { open } = setUp();
  const first = await open(ask('hello'));
  const others = [open(ask('hello')), open(ask('hello'))];
  tell(first, answer('hi'));
  expect((await Promise.all(others)).map((seat) => seat.state)).toEqual(['hit', 'hit']);
});

test('when the first asker fails, one of those who waited takes over and the rest wait for that one', async () => {
  const { open } = setUp();
  const first = await open(ask('hello'));
  const others = [open(ask('hello')), open(ask('hello'))];
  tell(first, [], 'broken');
  tell(await Promise.race(others), answer('hi'));
  expect((await Promise.all(others)).map((seat) => seat.state).sort()).toEqual(['hit', 'miss']);
});

test('nobody waits for an answer after their client has left', async () => {
  const { open } = setUp();
  await open(ask('hello'));
  const leaving = new AbortController();
  const waiting = open(ask('hello'), { signal: leaving.signal });
  leaving.abort();
  expect((await waiting).state).toBe('bypass');
});

test('everything can be forgotten at once', async () => {
  const { cache, open } = setUp();
  tell(await open(ask('hello')), answer('hi'));
  cache.clear();
  expect(cache.stats()).toEqual({ entries: 0, bytes: 0 });
  expect((await open(ask('hello'))).state).toBe('miss');
});

test('a request with tools the provider runs itself is never cached', async () => {
  const { open } = setUp();
  const searching = ask('news?', {
    tools: [{ type: 'other', dialect: 'openai-responses', value: { type: 'web_search' } }],
  });
  expect((await open(searching)).state).toBe('bypass');
});
