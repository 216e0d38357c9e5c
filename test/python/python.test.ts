import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { startGateway, type TestGateway } from '../gateway.ts';
import { preparePython } from './environment.ts';

const MODELS = ['gpt-5.4-mini', 'claude-haiku-4-5', 'gemini-3.5-flash-lite'];
const CHAT_CHECKS = ['text', 'stream', 'tools'];
const SCRIPTS = [
  { script: 'openai_sdk.py', checks: [...CHAT_CHECKS, 'responses', 'responses_stream', 'responses_tools'] },
  { script: 'anthropic_sdk.py', checks: CHAT_CHECKS },
  { script: 'google_sdk.py', checks: CHAT_CHECKS },
];

/** A line of a script's report. */
interface Heard {
  model: string;
  check: string;
  text: string;
  tokens: number;
  call?: [name: string, args: unknown];
}

const python = await preparePython();
if ('missing' in python) console.log(`Skipped: the Python SDKs, because ${python.missing}.`);

describe.skipIf('missing' in python)('in Python', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { CACHE_TTL_SECONDS: '0' } });
  });
  afterAll(() => gateway.stop());

  test.each(SCRIPTS)(
    '$script hears every provider',
    async ({ script, checks }) => {
      const reports = await run(script);
      expect(reports.map(({ model, check }) => `${model} ${check}`)).toEqual(
        MODELS.flatMap((model) => checks.map((check) => `${model} ${check}`)),
      );
      for (const { model, text, tokens, call, check } of reports) {
        expect(tokens).toBeGreaterThan(0);
        const isLoop = check.endsWith('tools');
        expect(text).toContain(
          isLoop ? 'get_weather returned: fair winds' : `[simulated ${model}] Ahoy from Python 🏴‍☠️!`,
        );
        if (isLoop) expect(call).toEqual(['get_weather', { city: 'Tortuga' }]);
      }
      expect(gateway.logged.errors).toEqual([]);
    },
    30_000,
  );

  async function run(script: string): Promise<Heard[]> {
    const process = Bun.spawn(['path' in python ? python.path : '', join(import.meta.dir, script), ...MODELS], {
      env: {
        GATEWAY_URL: gateway.url,
        GATEWAY_KEY: gateway.key,
        PYTHONIOENCODING: 'utf-8',
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [output, complaint] = await Promise.all([
      new Response(process.stdout).text(),
      new Response(process.stderr).text(),
    ]);
    if ((await process.exited) !== 0) throw new Error(complaint.slice(-2000));
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }
});
