import { join } from 'node:path';
import { CHAT_DIALECTS, judge } from './conformance.ts';
import { renderReport } from './conformance-report.ts';
import { readRecordings } from './recordings.ts';

/** Writes `docs/conformance.md` from the recordings. */
const recordings = readRecordings(CHAT_DIALECTS);
if (recordings.length > 0) {
  await Bun.write(join(import.meta.dir, '../../docs/conformance.md'), renderReport(recordings.map(judge)));
  console.log(`${recordings.length} recordings were checked.`);
}
