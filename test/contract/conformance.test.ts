import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { CHAT_DIALECTS, judge } from './conformance.ts';
import { renderReport } from './conformance-report.ts';
import { readRecordings } from './recordings.ts';

const recordings = readRecordings(CHAT_DIALECTS);
const verdicts = recordings.map(judge);

describe.if(recordings.length > 0)('conformance', () => {
  test.each(verdicts.map(({ recording, problem }) => [recording.id, problem] as const))('%s', (_, problem) => {
    expect(problem).toBeNull();
  });

  test('docs/conformance.md is what the recordings say', async () => {
    const page = await Bun.file(join(import.meta.dir, '../../docs/conformance.md')).text();
    expect(page).toBe(renderReport(verdicts));
  });
});
