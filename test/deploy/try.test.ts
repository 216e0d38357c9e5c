import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { whatIsMissing } from './try-needs.ts';

const missing = whatIsMissing();
if (missing !== null) console.log(`Skipped: ${missing}, so the images are not built here.`);

test.if(missing === null)(
  'both images can be built and both services used, from an empty data folder to the last stop',
  () => {
    const tried = Bun.spawnSync([process.execPath, join(import.meta.dir, 'try.ts')], { stdin: 'ignore' });
    const output = tried.stdout.toString() + tried.stderr.toString();
    expect([tried.exitCode, tried.exitCode === 0 ? '' : output]).toEqual([0, '']);
    expect(output).toContain('Both stop when they are told to');
  },
  300_000,
);
