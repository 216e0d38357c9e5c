import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { loadConfig, SETTING_NAMES } from './config.ts';

test('an empty environment gives a working configuration', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({ port: 8000, host: '127.0.0.1', dataDir: 'data', simulator: 'auto' });
  expect(config.maxBodyBytes).toBe(32 * 1024 * 1024);
  expect(config.cacheTtlMs).toBe(3_600_000);
});

test('an empty variable means the default, as Docker Compose passes it', () => {
  expect(loadConfig({ PORT: '', OPENAI_API_KEY: '  ' })).toMatchObject({ port: 8000, apiKeys: { openai: undefined } });
});

test('all wrong settings are named at once, without their values', () => {
  const wrong = { PORT: 'eighty', OPENAI_BASE_URL: 'ftp://secret-host', DEFAULT_STRATEGY: 'fastest' };
  expect(() => loadConfig(wrong)).toThrow(/PORT[\s\S]*OPENAI_BASE_URL[\s\S]*DEFAULT_STRATEGY/);
  expect(() => loadConfig(wrong)).not.toThrow(/secret-host|eighty|fastest/);
});

test('times that no timer can hold and addresses with a password are refused by name', () => {
  const wrong = { PROVIDER_TIMEOUT_SECONDS: '3000000', ANTHROPIC_BASE_URL: 'https://user:pass@example.com' };
  expect(() => loadConfig(wrong)).toThrow(/ANTHROPIC_BASE_URL[\s\S]*PROVIDER_TIMEOUT_SECONDS/);
});

test('a provider key does not show when the configuration is printed', () => {
  const config = loadConfig({ OPENAI_API_KEY: 'sk-canary' });
  expect(`${Bun.inspect(config)}${JSON.stringify(config)}${config.apiKeys.openai}`).not.toContain('canary');
  expect(config.apiKeys.openai?.reveal()).toBe('sk-canary');
});

test('.env.example names every setting, and no other', async () => {
  const text = await Bun.file(join(import.meta.dir, '../.env.example')).text();
  const named = [...text.matchAll(/^#?\s?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]!);
  // Read by the runtime, not by us: see bin/start.
  expect(named.filter((name) => name !== 'BUN_CONFIG_MAX_HTTP_REQUESTS').sort()).toEqual([...SETTING_NAMES].sort());
});

test('the public address is kept without a slash at the end, and its path apart', () => {
  const of = (PUBLIC_URL: string) => {
    const { publicUrl, basePath } = loadConfig({ PUBLIC_URL });
    return [publicUrl, basePath];
  };
  expect(of('')).toEqual([null, '']);
  expect(of('https://ai.example')).toEqual(['https://ai.example', '']);
  expect(of('https://ai.example/gateway/')).toEqual(['https://ai.example/gateway', '/gateway']);
  for (const odd of ['ai.example', 'ftp://x', 'https://x/?a', 'https://u:p@x/', 'https://x/a b', "https://x/a';b"]) {
    expect(() => of(odd)).toThrow('PUBLIC_URL');
  }
});
