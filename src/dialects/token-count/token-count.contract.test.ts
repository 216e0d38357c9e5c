import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anthropicCount, type CountFormat, googleCount, responsesCount } from './index.ts';

const RECORDINGS = join(import.meta.dir, '../../../../shared/wire/open');
const FORMATS: Record<string, CountFormat> = {
  'anthropic-count-tokens': anthropicCount,
  'gemini-count-tokens': googleCount,
  'openai-count-tokens': responsesCount,
};

interface Recording {
  id: string;
  dialect: string;
  request: { path: string; body: Record<string, unknown> };
  response: { status: number; body: Record<string, unknown> };
}

function loadRecordings(): Recording[] {
  if (!existsSync(RECORDINGS)) {
    console.log('Skipped: recorded token counts are not part of this repository and are not beside it.');
    return [];
  }
  const names = readdirSync(RECORDINGS).filter((name) => name.includes('-count-tokens-'));
  return names.map((name) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')));
}

describe.each(loadRecordings().map((recording) => [recording.id, recording] as const))('%s', (_, recording) => {
  const { request, response, dialect } = recording;
  const format = FORMATS[dialect];
  const model = /models\/([^:]+):/.exec(request.path)?.[1] ?? String(request.body.model);

  test('goes on as it was, and its count is read and told', () => {
    expect(format?.retarget(request.body, model)).toEqual(request.body);
    const count = response.body.input_tokens ?? response.body.totalTokens ?? null;
    expect(format?.parseCount(response.body)).toBe(count as number | null);
    if (typeof count === 'number') expect(response.body).toMatchObject(format?.renderCount(count) ?? {});
  });
});
