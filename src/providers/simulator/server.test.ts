import { afterAll, describe, expect, test } from 'bun:test';
import { startSimulator, VENDORS, type Vendor } from './index.ts';

const simulator = startSimulator({ gapMs: 0 });
afterAll(simulator.stop);

const HEADERS = {
  'x-api-key': 'k',
  authorization: 'Bearer k',
  'x-goog-api-key': 'k',
  'anthropic-version': '2023-06-01',
};

/** The same question to each vendor. */
function ask(
  vendor: Vendor,
  text: string,
  { stream = false, signal }: { stream?: boolean; signal?: AbortSignal } = {},
) {
  const messages = [{ role: 'user', content: text }];
  const [path, body] = {
    openai: ['/chat/completions', { model: 'gpt-4o', messages, stream }] as const,
    anthropic: ['/messages', { model: 'claude-sonnet-5', max_tokens: 1000, messages, stream }] as const,
    google: [
      `/models/gemini-2.0-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      { contents: [{ parts: [{ text }] }] },
    ] as const,
  }[vendor];
  return fetch(simulator.url(vendor) + path, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
}

/** The counts, once all that is under way has been noticed to end. */
async function settledStats() {
  for (let turn = 0; turn < 200 && simulator.stats().open > 0; turn++) await Bun.sleep(5);
  return simulator.stats();
}

describe.each([...VENDORS])('the simulated %s', (vendor) => {
  test('answers the same to the same, and says that it is simulated', async () => {
    const texts = await Promise.all([1, 2].map(async () => (await ask(vendor, 'Why is the sky blue?')).text()));
    const answers = texts.map((text) => /\[simulated [^"]+/.exec(text)?.[0]);
    expect(answers[0]).toContain('Why is the sky blue');
    expect(answers[0]).toBe(answers[1]!);
  });

  test('answers more to a longer question', async () => {
    const short = await (await ask(vendor, 'Explain tides.')).text();
    const long = await (await ask(vendor, `Explain tides. ${'Consider the moon and the coast. '.repeat(40)}`)).text();
    expect(long.length).toBeGreaterThan(short.length + 200);
  });

  test('says exactly what it is told', async () => {
    expect(await (await ask(vendor, '[[sim:say=Ünïcode 🎈 & more]]')).text()).toMatch(
      /\[simulated [\w.-]+\] Ünïcode 🎈 & more"/,
    );
  });

  test('waits as long as it is told before the first byte', async () => {
    const started = performance.now();
    await ask(vendor, 'x [[sim:delay=40]]', { stream: true });
    expect(performance.now() - started).toBeGreaterThanOrEqual(38);
  });

  test('streams in as many pieces as it is told', async () => {
    const frames = async (chunks: number) => {
      const response = await ask(vendor, `x [[sim:chunks=${chunks}]]`, { stream: true });
      return (await response.text()).split(/\r?\n\r?\n/).length;
    };
    expect((await frames(30)) - (await frames(9))).toBe(21);
  });

  test('drops the connection in the middle when it is told to, streamed or not', async () => {
    for (const stream of [true, false]) {
      const response = await ask(vendor, 'x [[sim:break]]', { stream });
      expect(response.status).toBe(200);
      let received = '';
      const read = async () => {
        for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) received += piece;
      };
      expect(await read().catch(() => 'dropped')).toBe('dropped');
      expect(received).not.toBe('');
    }
  });

  test('does what a note says only for the model it names', async () => {
    expect((await ask(vendor, '[[sim:error=503 for=somebody-else]]')).status).toBe(200);
    const model = { openai: 'gpt-4o', anthropic: 'claude-sonnet-5', google: 'gemini-2.0-flash' }[vendor];
    expect((await ask(vendor, `[[sim:error=503 for=${model}]]`)).status).toBe(503);
  });

  test('stops at once when its reader leaves a stream', async () => {
    const before = await settledStats();
    const leaving = new AbortController();
    const response = await ask(vendor, 'x [[sim:gap=60000]]', { stream: true, signal: leaving.signal });
    expect(response.status).toBe(200);
    expect(simulator.stats().open).toBe(1);
    leaving.abort();
    const after = await settledStats();
    expect(after).toEqual({ open: 0, served: before.served, aborted: before.aborted + 1 });
  });

  test('stops at once when nobody waits for its first byte any more', async () => {
    const before = await settledStats();
    const leaving = new AbortController();
    const waiting = ask(vendor, 'x [[sim:delay=60000]]', { signal: leaving.signal }).catch((error) => error.name);
    while (simulator.stats().open === 0) await Bun.sleep(1);
    leaving.abort();
    expect(await waiting).toBe('AbortError');
    expect((await settledStats()).aborted).toBe(before.aborted + 1);
  });

  test('refuses a caller without a key, in its own way', async () => {
    const response = await fetch(`${simulator.url(vendor)}/models`);
    expect(response.status).toBe(vendor === 'google' ? 403 : 401);
    expect(await response.json()).toHaveProperty('error.message');
  });

  test('survives what is no request', async () => {
    const bodies = [
      '',
      'nonsense',
      '[]',
      'null',
      '{"model":1}',
      '{"messages":{}}',
      '{"contents":[[]]}',
      '{"model":"m","max_tokens":1,"messages":[null,7]}',
    ];
    const paths = [
      '/chat/completions',
      '/messages',
      '/embeddings',
      '/responses',
      '/messages/count_tokens',
      '/models/m:generateContent',
      '/models/m:batchEmbedContents',
      '/models/%ff%:embedContent',
      '/nowhere',
      '',
    ];
    for (const body of bodies) {
      for (const path of paths) {
        const response = await fetch(simulator.url(vendor) + path, { method: 'POST', headers: HEADERS, body });
        expect([400, 404]).toContain(response.status);
        expect(JSON.stringify(await response.json())).toContain('error');
      }
    }
  });
});

test('the simulator bears witness on its own: nothing in it knows our dialects', async () => {
  const files = await Array.fromAsync(new Bun.Glob('**/*.ts').scan({ cwd: import.meta.dir, absolute: true }));
  const sources = await Promise.all(
    files.filter((path) => !path.endsWith('.test.ts')).map((path) => Bun.file(path).text()),
  );
  expect(sources.length).toBeGreaterThan(30);
  for (const source of sources) expect(source).not.toMatch(/from '[^']*dialects/);
});

test('addresses of nobody are not found', async () => {
  const root = new URL(simulator.url('openai')).origin;
  for (const path of ['/', '/openai', '/openai/v2/models', '/constructor/v1/models']) {
    expect((await fetch(root + path)).status).toBe(404);
  }
});

test('stopping drops what is under way and frees the port', async () => {
  const second = startSimulator();
  const body = JSON.stringify({
    model: 'gpt-4o',
    stream: true,
    messages: [{ role: 'user', content: '[[sim:gap=60000]]' }],
  });
  const response = await fetch(`${second.url('openai')}/chat/completions`, { method: 'POST', headers: HEADERS, body });
  const reading = response.text().then(
    () => 'ended',
    () => 'dropped',
  );
  await second.stop();
  expect(await reading).toBe('dropped');
  expect(second.stats().open).toBe(0);
  expect(fetch(`${second.url('openai')}/models`)).rejects.toThrow();
});

test('a stream takes its time unless it is told otherwise', async () => {
  const lively = startSimulator();
  const started = performance.now();
  const body = JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hello' }] });
  const response = await fetch(`${lively.url('openai')}/chat/completions`, { method: 'POST', headers: HEADERS, body });
  await response.text();
  expect(performance.now() - started).toBeGreaterThan(40);
  await lively.stop();
});
