import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Recorded exchanges of the real vendors, kept outside this repository because they belong to others. */
const FOLDER = join(import.meta.dir, '../../../shared/wire/open');

export interface Recording {
  id: string;
  dialect: string;
  tags: string[];
  model: string | null;
  fidelity: string;
  request: { method: string; path: string; headers: Record<string, string>; body: Record<string, unknown> | null };
  response: { status: number; headers: Record<string, string>; body?: unknown; stream?: string; raw?: string };
}

/** The recordings of the dialects; none, with a word why, where they are not at hand. */
export function readRecordings(dialects: readonly string[]): Recording[] {
  if (!existsSync(FOLDER)) {
    console.log('Skipped: tests against recorded exchanges need ../shared/wire, which is not here.');
    return [];
  }
  return readdirSync(FOLDER)
    .filter((name) => dialects.some((dialect) => name.startsWith(`${dialect}-`)))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
}
