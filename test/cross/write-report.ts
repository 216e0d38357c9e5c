import { join } from 'node:path';
import { type Field, renderReport } from './report.ts';

/** Writes `docs/translation.md` from the last run of `bun test test/cross`. */
interface Summary {
  conversations: { title: string }[];
  fields: Field[];
}

const ROOT = join(import.meta.dir, '../..');
const { conversations, fields }: Summary = await Bun.file(join(ROOT, 'test-results/cross.json')).json();
const titles = conversations.map(({ title }) => title);
await Bun.write(join(ROOT, 'docs/translation.md'), renderReport(fields, titles));
