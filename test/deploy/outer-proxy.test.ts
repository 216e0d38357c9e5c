import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type TestGateway } from '../gateway.ts';
import { CHAT_END, chatFrame, eventStream, startUpstream } from '../upstream.ts';
import { type Frontend, freePort, hasCaddy, runCaddy, startFrontend } from './caddy.ts';

// The proxies of docs/deploy.md, as they stand there, in front of the gateway and under a path of their own.

const DOCS = await Bun.file(join(import.meta.dir, '../../docs/deploy.md')).text();
const NGINX = Bun.which('nginx', { PATH: `${process.env.PATH}:/usr/sbin:/sbin` });
if (!NGINX) console.log('Skipped: the nginx of docs/deploy.md is not tried, because nginx is not installed.');

const snippet = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(DOCS)?.[1] ?? '';

interface Place {
  port: number;
  /** Where the gateway, or its own frontend, listens. */
  behind: string;
}

async function startOuterCaddy({ port, behind }: Place): Promise<Frontend> {
  const home = await mkdtemp(join(tmpdir(), 'gateway-outer-'));
  const healthPort = freePort();
  const site = snippet('caddyfile').replace('ai.example.com', `http://:${port}`).replace('127.0.0.1:8000', behind);
  const file = join(home, 'Caddyfile');
  await Bun.write(file, `{\n\tadmin off\n}\n\nhttp://127.0.0.1:${healthPort} {\n\trespond "ok"\n}\n\n${site}`);
  return await runCaddy(file, { home, port, healthPort, env: {} });
}

async function startOuterNginx({ port, behind }: Place): Promise<{ stop: () => Promise<unknown> }> {
  const home = await mkdtemp(join(tmpdir(), 'gateway-outer-'));
  await mkdir(join(home, 'logs'));
  const location = snippet('nginx').replace('127.0.0.1:8000', behind);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${home}/${one};`);
  await Bun.write(
    join(home, 'nginx.conf'),
    `daemon off; pid ${home}/pid; error_log stderr; events {} http { access_log off; ${paths.join(' ')}
     server { listen 127.0.0.1:${port}; location = /up { return 204; } ${location} } }`,
  );
  const child = Bun.spawn([NGINX ?? '', '-p', home, '-c', join(home, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.on('exit', () => child.kill('SIGTERM'));
  while (!(await fetch(`http://127.0.0.1:${port}/up`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error(await new Response(child.stderr).text());
    await Bun.sleep(20);
  }
  return {
    async stop() {
      child.kill('SIGTERM');
      await child.exited;
    },
  };
}

const PERSON = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery staple' };

const ways = [
  { name: 'Caddy', start: startOuterCaddy, isThere: hasCaddy() },
  { name: 'nginx', start: startOuterNginx, isThere: NGINX !== null },
  {
    name: 'Caddy before our own frontend',
    isThere: hasCaddy(),
    async start({ port, behind }: Place) {
      const frontend = await startFrontend(`http://${behind}`, { OUTER_PROXIES: '127.0.0.1/32' });
      const outer = await startOuterCaddy({ port, behind: `127.0.0.1:${frontend.port}` });
      return { stop: async () => [await outer.stop(), await frontend.stop()] };
    },
  },
];

describe.each(ways.filter(({ isThere }) => isThere))('behind $name under a sub-path', ({ start }) => {
  const port = freePort();
  const base = `http://127.0.0.1:${port}/gateway`;
  const origin = `http://127.0.0.1:${port}`;
  let gateway: TestGateway;
  let upstream: ReturnType<typeof startUpstream>;
  let proxy: { stop: () => Promise<unknown> };
  let cookie = '';

  beforeAll(async () => {
    upstream = startUpstream();
    const env = { PUBLIC_URL: base, TRUSTED_PROXIES: '127.0.0.1' };
    gateway = await startGateway({ env: { ...env, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${upstream.url}/v1` } });
    proxy = await start({ port, behind: gateway.url.replace('http://', '') });
  }, 30_000);
  afterAll(async () => {
    await proxy.stop();
    await gateway.stop();
    upstream.stop();
  });

  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${base}/${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin, ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  const ask = (content: string, signal?: AbortSignal) =>
    fetch(`${base}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: JSON.stringify({ model: 'gpt-6-luna', stream: true, messages: [{ role: 'user', content }] }),
      ...(signal && { signal }),
    });

  test('a person finds in, and every address on the page leads there', async () => {
    const token = (await gateway.services.accounts.issueSetupToken()) ?? '';
    const setUp = await post('setup', { token, ...PERSON });
    expect(setUp.headers.get('location')).toBe('/gateway/dashboard');
    expect(setUp.headers.get('set-cookie')).toContain('Path=/gateway');
    cookie = setUp.headers.get('set-cookie')?.split(';')[0] ?? '';

    const html = await (await fetch(`${base}/dashboard`, { headers: { cookie } })).text();
    const links = [...html.matchAll(/(?:href|src|action)="([^"#][^"]*)"/g)].map((match) => match[1] ?? '');
    const here = new URL(/<base href="([^"]*)"/.exec(html)?.[1] ?? '', base);
    expect(here.href).toBe(`${base}/`);
    const pages = new Set(
      links
        .map((link) => new URL(link, here))
        .filter((link) => link.origin === origin)
        .map(String),
    );
    expect(pages.size).toBeGreaterThan(5);
    for (const page of pages) {
      expect([page, page.startsWith(base)]).toEqual([page, true]);
      if (/sign-out|preferences/.test(page)) continue;
      const response = await fetch(page, { headers: { cookie } });
      await response.body?.cancel();
      expect([page, response.status]).toEqual([page, 200]);
    }
  });

  test('what has changed reaches an open page at once', async () => {
    const leaving = new AbortController();
    const headers = { cookie, 'accept-encoding': 'gzip, br' };
    const live = await fetch(`${base}/dashboard/live?topic=overview`, { headers, signal: leaving.signal });
    expect(live.headers.get('content-type')).toBe('text/event-stream');
    expect(live.headers.get('content-encoding')).toBeNull();
    const first = await live.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).not.toBe('');
    leaving.abort();
  }, 10_000);

  test('a stream is not held back, and a client that leaves it makes the gateway let the provider go', async () => {
    const left = Promise.withResolvers<void>();
    upstream.answers(() =>
      eventStream({ frames: [chatFrame({ content: 'first' })], ending: 'silence', onCancel: left.resolve }),
    );
    const leaving = new AbortController();
    const response = await ask('one', leaving.signal);
    const first = await response.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toContain('first');
    leaving.abort();
    await left.promise;

    upstream.answers(() => eventStream({ frames: [chatFrame({ content: 'whole' }), CHAT_END] }));
    expect(await (await ask('two')).text()).toEndWith('data: [DONE]\n\n');
  }, 10_000);

  test('a client who makes up addresses is slowed down all the same', async () => {
    const statuses: number[] = [];
    for (let at = 1; at <= 7; at++) {
      const forged = { 'x-forwarded-for': `203.0.113.${at}` };
      statuses.push((await post('sign-in', { email: 'bob@example.com', password: 'wrong' }, forged)).status);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  }, 20_000);
});
