import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { createApp } from '../src/app.ts';
import { parseCompatibleProviders } from '../src/providers/openai-compatible/compatible-config.ts';
import { startGateway } from './gateway.ts';

const README = await Bun.file(join(import.meta.dir, '../README.md')).text();

test('the providers in the README can be copied into data/providers.json as they are', () => {
  const example = /```json\n(\{[\s\S]*?\n\})\n```/.exec(README)?.[1] ?? '';
  const providers = parseCompatibleProviders(example, 'README.md');
  expect(providers.map(({ provider, models }) => [provider.id, models.length])).toEqual([
    ['ollama', 1],
    ['team-vllm', 1],
  ]);
});

test('every route in the README is there', async () => {
  const gateway = await startGateway();
  const routes = createApp(gateway.services).routes.map(({ method, path }) => `${method} ${path}`);
  await gateway.stop();
  for (const [, method, path] of README.matchAll(/^\| `(GET|POST) (\/[^`{]*)/gm)) {
    const isThere = routes.some((route) => route === `${method} ${path}` || route === `${method} ${path}*`);
    expect([`${method} ${path}`, isThere]).toEqual([`${method} ${path}`, true]);
  }
});
