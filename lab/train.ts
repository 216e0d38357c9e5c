import { join } from 'node:path';
import { HEAD_NAMES, renderHeads } from '../src/pipeline/classifier/heads.ts';
import { DEFAULT_FOLDER, loadSets, trainingRows } from './data.ts';
import { learnHeads, prepareRows, quantise } from './heads.ts';
import { calibrateHeads } from './out-of-fold.ts';

const OUT = join(import.meta.dir, '../src/pipeline/classifier/heads.bin');

const folder = process.argv[process.argv.indexOf('--data') + 1] ?? DEFAULT_FOLDER;
const sets = loadSets(process.argv.includes('--data') ? folder : DEFAULT_FOLDER);
const rows = trainingRows(sets.flatMap((set) => set.rows));
const started = performance.now();
const { matrix, scaling } = prepareRows(rows);
const weights = learnHeads(rows, matrix, { among: Int32Array.from(rows.keys()) });
const calibrations = calibrateHeads(rows, matrix);
const bytes = renderHeads(quantise({ scaling, weights, calibrations }));
await Bun.write(OUT, bytes);
console.log(`${rows.length} rows, ${bytes.length} bytes, ${((performance.now() - started) / 1_000).toFixed(1)} s`);
for (const [head, { slope, offset }] of calibrations.entries()) {
  console.log(`  ${(HEAD_NAMES[head] ?? '').padEnd(20)} slope ${slope.toFixed(2)}, offset ${offset.toFixed(2)}`);
}
