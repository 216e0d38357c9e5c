import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** Where the outcome data lies unless `--data` says otherwise: beside the repository, never in it. */
export const DEFAULT_FOLDER = join(import.meta.dir, '../../shared/routing');

const ENDING = '.jsonl.gz';

const Row = z.object({
  id: z.string(),
  source: z.string(),
  task: z.string(),
  prompt: z.string(),
  /** What each model scored on this prompt, from 0 to 1. */
  scores: z.record(z.string(), z.number()).default({}),
  out_chars: z.record(z.string(), z.number()).optional(),
  label: z.string().optional(),
  meta: z
    .object({
      contaminated: z.boolean().optional(),
      src: z.string().optional(),
      split: z.string().optional(),
      lang: z.string().optional(),
    })
    .default({}),
});
export type Row = z.infer<typeof Row>;

export interface DataSet {
  /** The file's name without its ending. */
  name: string;
  rows: Row[];
}

/** The sets of a folder, by name; prompts marked as contaminated are left out. Empty when the folder is not there. */
export function loadSets(folder: string): DataSet[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  return files.sort().map((file) => ({ name: basename(file, ENDING), rows: loadRows(join(folder, file)) }));
}

function loadRows(path: string): Row[] {
  const text = new TextDecoder().decode(Bun.gunzipSync(readFileSync(path)));
  const rows: Row[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = Row.parse(JSON.parse(line));
    if (row.meta.contaminated !== true) rows.push(row);
  }
  return rows;
}

/** What the shipped heads learn from: RouteLLM's outcomes measure them, and the test part of the labels the levels. */
export function trainingRows(rows: readonly Row[]): Row[] {
  return rows.filter(
    (row) => !row.source.startsWith('routellm') && (row.meta.split !== 'test' || row.label === undefined),
  );
}
