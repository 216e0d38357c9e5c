import { strictEqual as equal, match, ok } from 'node:assert';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Main } from './container.ts';

interface Services {
  backend: Container;
  frontend: Container;
  /** `./data`, as the host sees it. */
  data: string;
}

const URL_OUTSIDE = 'http://localhost:3000';

/** Uses both services as somebody would who has just typed `docker-compose up -d`. Throws at the first thing that is not right. */
export async function tryServices({ backend, frontend, data }: Services): Promise<void> {
  step('The backend starts on a data folder that belongs to root, and becomes healthy');
  let main = backend.start();
  await backend.waitUntilHealthy(main);

  step('It has become an ordinary user for good');
  const status = await Bun.file(`/proc/${main.child.pid}/status`).text();
  match(status, /^Uid:\t1000\t1000\t1000\t1000$/m);
  match(status, /^CapPrm:\t0{16}$/m);
  match(status, /^CapEff:\t0{16}$/m);
  match(status, /^NoNewPrivs:\t1$/m);
  equal((await stat(join(data, 'gateway.db'))).uid, 1000);

  step('Then the frontend starts and becomes healthy');
  const front = frontend.start();
  await frontend.waitUntilHealthy(front);
  match(await Bun.file(`/proc/${front.child.pid}/status`).text(), /^Uid:\t1000\t/m);

  step('The log of the backend has the setup link and the first key, and both work on port 3000');
  const setupUrl = /Setup\s+(\S+)/.exec(main.output())?.[1] ?? '';
  const key = /First key\s+(\S+)/.exec(main.output())?.[1] ?? '';
  ok(setupUrl.startsWith(`${URL_OUTSIDE}/setup?token=`), main.output());
  const page = await fetch(setupUrl);
  equal(page.status, 200);
  equal((await ask(key)).status, 200);

  step('The page’s files come from the frontend');
  const style = /href="[^"]*(assets\/style[^"]*)"/.exec(await page.text())?.[1] ?? '';
  const file = await fetch(`${URL_OUTSIDE}/${style}`);
  equal(file.status, 200);
  ok(file.headers.has('last-modified'), 'it came from the backend');
  equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable');

  step('Neither can write anywhere else');
  for (const [container, path] of [
    [backend, '/app/src/main.ts'],
    [backend, '/usr/local/bin/bun'],
    [frontend, '/etc/caddy/Caddyfile'],
    [frontend, '/srv/headers.caddy'],
  ] as const) {
    ok((await container.exec(['sh', '-c', `echo x >> ${path}`])).code !== 0, `${path} can be written`);
  }

  step('A second backend on the same data refuses');
  const second = backend.start();
  equal(await second.child.exited, 1);
  match(second.output(), /another gateway is using the data folder/);

  step('A backup is made beside the running gateway');
  const backup = await backend.exec(['as-owner', 'bun', 'run', 'backup', 'data/backups/first']);
  equal(backup.code, 0, backup.output);
  ok((await readdir(join(data, 'backups/first'))).includes('gateway.db'));

  step('Killed and started again, the backend knows the same key, and the frontend finds it');
  main.child.kill('SIGKILL');
  await main.child.exited;
  // Until the frontend has seen that its idle connections are gone: a request on one of those is lost.
  await Bun.sleep(300);
  const waiting = fetch(`${URL_OUTSIDE}/health`);
  main = backend.start();
  equal((await waiting).status, 200);
  equal((await ask(key)).status, 200);
  ok(!main.output().includes('First key'));

  step('Both stop when they are told to');
  await stop(front);
  await stop(main);
}

async function stop({ child, output }: Main): Promise<void> {
  child.kill('SIGTERM');
  equal(await child.exited, 0, output());
}

function ask(key: string): Promise<Response> {
  return fetch(`${URL_OUTSIDE}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Why is the sky blue?' }] }),
  });
}

function step(sentence: string): void {
  console.log(`- ${sentence}`);
}
