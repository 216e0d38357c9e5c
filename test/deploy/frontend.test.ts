import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ASSETS } from '../../src/dashboard/assets.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { CHAT_END, chatAnswer, chatFrame, eventStream, startUpstream } from '../upstream.ts';
import { type Frontend, freePort, hasCaddy, startFrontend } from './caddy.ts';

// The gateway as its users meet it in the two containers: through Caddy, with the Caddyfile of the frontend.

const PERSON = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery staple' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const UPLOAD_BYTES = 10 * 1024 * 1024;

const unzip = async (response: Response) => Bun.gunzipSync(new Uint8Array(await response.arrayBuffer()));

describe.if(hasCaddy())('through the frontend', () => {
  let gateway: TestGateway;
  let upstream: ReturnType<typeof startUpstream>;
  let frontend: Frontend;
  let cookie = '';
  let asked = 0;

  beforeAll(async () => {
    upstream = startUpstream();
    const env = { TRUSTED_PROXIES: 'private', OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${upstream.url}/v1` };
    gateway = await startGateway({ env });
    frontend = await startFrontend(gateway.url);
  }, 30_000);
  afterAll(async () => {
    await frontend.stop();
    await gateway.stop();
    upstream.stop();
  });

  /** As a browser asks that takes compressed answers; undone by hand, to see what was sent. */
  const get = (path: string, headers: Record<string, string> = {}, base = frontend.url) =>
    fetch(`${base}${path}`, {
      redirect: 'manual',
      decompress: false,
      headers: { 'accept-encoding': 'gzip', ...headers },
    });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${frontend.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...FORM, origin: frontend.url, ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  const ask = (fields: Record<string, unknown>, init: BunFetchRequestInit = {}) =>
    fetch(`${frontend.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'accept-encoding': 'gzip, br, zstd' },
      body: JSON.stringify({
        model: 'gpt-6-luna',
        messages: [{ role: 'user', content: `question ${asked++}` }],
        ...fields,
      }),
      ...init,
    });

  test.each(ASSETS.map(({ path }) => [`/${path}`]))(
    '%s comes from the frontend, with the backend’s bytes and headers',
    async (url) => {
      const [ours, theirs] = [await get(url), await get(url, {}, gateway.url)];
      expect([ours.status, theirs.status]).toEqual([200, 200]);
      // Only a file server knows when a file was made.
      expect([ours.headers.has('last-modified'), theirs.headers.has('last-modified')]).toEqual([true, false]);
      for (const [name, value] of theirs.headers) {
        if (name === 'date' || name === 'content-length') continue;
        expect([name, ours.headers.get(name)?.toLowerCase()]).toEqual([name, value.toLowerCase()]);
      }
      expect(ours.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(ours.headers.get('server')).toBeNull();
      expect(await unzip(ours)).toEqual(await unzip(theirs));
      expect((await get(url, { 'accept-encoding': 'br' })).headers.get('content-encoding')).toBe('br');
      expect((await get(url, { 'accept-encoding': 'identity' })).headers.get('content-encoding')).toBeNull();
    },
  );

  test('files that are not there, and everything else in the folder of the files, are not found', async () => {
    for (const path of [
      '/assets/none.css',
      '/assets/',
      '/assets',
      '/headers.caddy',
      '/assets/../headers.caddy',
      '/nowhere',
    ]) {
      const response = await get(path);
      expect([path, response.status, response.headers.get('cache-control')?.includes('immutable') ?? false]).toEqual([
        path,
        404,
        false,
      ]);
    }
  });

  test('a person sets up, signs in and makes a key whose example holds the frontend’s address', async () => {
    const token = (await gateway.services.accounts.issueSetupToken()) ?? '';
    expect((await get(`/setup?token=${token}`)).status).toBe(200);
    expect((await post('/setup', { token, ...PERSON })).headers.get('location')).toContain('dashboard');

    const signedIn = await post('/sign-in', { email: PERSON.email, password: PERSON.password });
    cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await get('/dashboard/keys', { cookie });
    const policy = page.headers.get('content-security-policy');
    expect([page.status, page.headers.get('content-encoding'), page.headers.get('cache-control')]).toEqual([
      200,
      'gzip',
      'no-store',
    ]);
    expect(policy).toContain("default-src 'none'");
    const html = new TextDecoder().decode(await unzip(page));
    const formToken = /name="form-token" value="(\w+)"/.exec(html)?.[1] ?? '';
    const made = await post('/dashboard/keys', { name: 'program', 'form-token': formToken }, { cookie });
    expect(made.status).toBe(201);
    expect(await made.text()).toContain(`curl ${frontend.url}/v1/`);
  });

  test.if(hasBrowser())(
    'a browser finds nothing to complain about, and its open page is told of what happens',
    async () => {
      const browser = await launchBrowser();
      const page = await (await browser.newContext()).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`${frontend.url}/sign-in`);
      await page.fill('input[name=email]', PERSON.email);
      await page.fill('input[name=password]', PERSON.password);
      await page.click('button[type=submit]');
      await page.waitForURL(/\/dashboard/);
      upstream.answers(() => chatAnswer('seen'));
      await (await ask({})).text();
      await page.waitForSelector('main :text("test key")', { timeout: 8000 });
      await browser.close();
      expect(complaints).toEqual([]);
    },
    30_000,
  );

  test('a form of another site is refused', async () => {
    const fields = { email: PERSON.email, password: PERSON.password };
    expect((await post('/sign-in', fields, { origin: 'http://evil.example' })).status).toBe(403);
    const forged = { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' };
    expect((await post('/sign-in', fields, forged)).status).toBe(403);
  });

  test('a client who makes up an address for every guess is slowed down all the same', async () => {
    const statuses: number[] = [];
    for (let at = 1; at <= 7; at++) {
      const forged = { 'x-forwarded-for': `203.0.113.${at}` };
      statuses.push((await post('/sign-in', { email: 'bob@example.com', password: 'wrong' }, forged)).status);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  }, 20_000);

  test('every frame of a stream is there before the next is sent, uncompressed', async () => {
    const frames = ['one', 'two', 'three'].map((content) => chatFrame({ content }));
    let release = Promise.withResolvers<void>();
    let at = 0;
    upstream.answers(() => {
      const body = new ReadableStream({
        async pull(controller) {
          if (at > 0) await release.promise;
          release = Promise.withResolvers();
          controller.enqueue(new TextEncoder().encode(frames[at++] ?? CHAT_END));
          if (at > frames.length) controller.close();
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    });
    const response = await ask({ stream: true });
    expect(response.headers.get('content-encoding')).toBeNull();
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk);
      // The provider goes on only when the frame before has reached the client.
      if (['one', 'two', 'three'].every((word, index) => index >= at || text.includes(word))) release.resolve();
    }
    expect(text).toEndWith('data: [DONE]\n\n');
  }, 10_000);

  test('a client that leaves a stream, or a plain request, makes the gateway let the provider go', async () => {
    for (const stream of [true, false]) {
      const arrived = Promise.withResolvers<void>();
      const left = Promise.withResolvers<void>();
      upstream.answers((request) => {
        arrived.resolve();
        request.signal.addEventListener('abort', () => left.resolve());
        if (!stream) return new Promise<Response>(() => {});
        return eventStream({ frames: [chatFrame({ content: 'hel' })], ending: 'silence', onCancel: left.resolve });
      });
      const leaving = new AbortController();
      const reply = ask({ stream }, { signal: leaving.signal })
        .then((response) => response.text())
        .catch(() => 'left');
      await arrived.promise;
      await Bun.sleep(50);
      leaving.abort();
      expect(await reply).toBe('left');
      await left.promise;
    }
  }, 10_000);

  test('ten megabytes arrive whole', async () => {
    upstream.answers(() => chatAnswer('read'));
    const url = `data:image/png;base64,${'A'.repeat(UPLOAD_BYTES)}`;
    const content = [{ type: 'image_url', image_url: { url } }];
    const response = await ask({ messages: [{ role: 'user', content }] });
    expect(response.status).toBe(200);
    expect(upstream.received[0]?.body.messages).toEqual([{ role: 'user', content }]);
  }, 30_000);

  test('answers in JSON are compressed on their way, and say what they said', async () => {
    upstream.answers(() => chatAnswer('word '.repeat(1000)));
    const response = await ask({}, { decompress: false });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('x-gateway-model')).toBe('gpt-6-luna');
    expect(new TextDecoder().decode(await unzip(response))).toContain('word word');
  });

  test('a backend that is not there yet is waited for', async () => {
    const port = freePort();
    const waiting = await startFrontend(`http://127.0.0.1:${port}`);
    const asked = fetch(`${waiting.url}/health`);
    await Bun.sleep(300);
    const late = Bun.serve({ port, hostname: '127.0.0.1', fetch: () => new Response('there') });
    expect(await (await asked).text()).toBe('there');
    await late.stop(true);
    await waiting.stop();
  }, 20_000);
});

describe.if(hasCaddy())('while the backend is away', () => {
  test('the files are still served, and everything else says in JSON when to come back', async () => {
    const frontend = await startFrontend(`http://127.0.0.1:${freePort()}`, { BACKEND_PATIENCE: '100ms' });
    expect((await fetch(`${frontend.url}/${ASSETS[0]?.path}`)).status).toBe(200);
    const headers = { 'x-api-key': 'canary', authorization: 'Bearer canary', cookie: 'gateway_session=canary' };
    const response = await fetch(`${frontend.url}/v1/models?key=canary&token=canary`, { headers });
    expect([response.status, response.headers.get('retry-after')]).toEqual([502, '5']);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_unavailable' } });
    const logged = await frontend.stop();
    expect(logged).toContain('/v1/models');
    expect(logged).not.toContain('canary');
  }, 20_000);
});

describe.if(hasCaddy())('the Caddyfile for a name of one’s own', () => {
  test('asks for a certificate for that name, and serves it on 443 with a promise to stay encrypted', async () => {
    const assets = await mkdtemp(join(tmpdir(), 'gateway-assets-'));
    await Bun.write(join(assets, 'headers.caddy'), 'x-content-type-options nosniff\n');
    const file = join(import.meta.dir, '../../deploy/Caddyfile.public');
    const env = { PATH: process.env.PATH, HOME: tmpdir(), DOMAIN: 'gateway.example.com', ASSETS_ROOT: assets };
    const adapted = Bun.spawnSync(['caddy', 'adapt', '--config', file, '--adapter', 'caddyfile'], { env });
    expect([adapted.exitCode, adapted.exitCode === 0 ? '' : adapted.stderr.toString()]).toEqual([0, '']);
    const { servers } = JSON.parse(adapted.stdout.toString()).apps.http;
    const open = Object.values<{ listen: string[]; routes: unknown[] }>(servers).find(({ listen }) =>
      listen.includes(':443'),
    );
    expect(JSON.stringify(open?.routes)).toContain('"host":["gateway.example.com"]');
    expect(JSON.stringify(open?.routes)).toContain('Strict-Transport-Security');
    expect(JSON.stringify(open?.routes)).not.toContain('flush_interval');
  });
});
