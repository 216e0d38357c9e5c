import { join } from 'node:path';
import { renderHeads } from '../src/pipeline/classifier/heads.ts';
import { DEFAULT_FOLDER, loadSets } from './data.ts';
import { learnHeads, prepareRows, quantise } from './heads.ts';

const OUT = join(import.meta.dir, '../src/pipeline/classifier/heads.bin');

const folder = process.argv[process.argv.indexOf('--data') + 1] ?? DEFAULT_FOLDER;
const sets = loadSets(process.argv.includes('--data') ? folder : DEFAULT_FOLDER);
/** RouteLLM's outcomes are what the shipped heads are measured with, and the test part of the labels what the levels are. */
const rows = sets
  .flatMap((set) => set.rows)
  .filter((row) => !row.source.startsWith('routellm') && (row.meta.split !== 'test' || row.label === undefined));
const started = performance.now();
const { matrix, scaling } = prepareRows(rows);
const weights = learnHeads(rows, matrix, { among: Int32Array.from(rows.keys()) });
const bytes = renderHeads(quantise({ scaling, weights }));
await Bun.write(OUT, bytes);
console.log(`${rows.length} rows, ${bytes.length} bytes, ${((performance.now() - started) / 1_000).toFixed(1)} s`);
