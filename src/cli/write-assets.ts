import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ASSETS } from '../dashboard/assets.ts';
import { SECURITY_HEADERS } from '../dashboard/reply.ts';

/**
 * `bun src/cli/write-assets.ts FOLDER`: the files that pages are made of, under the names that the pages call them by, plain and
 * compressed, for a web server to hand out; and `headers.caddy`, what that server says with them.
 */
const folder = process.argv[2];
if (folder === undefined) {
  console.error('error: Say where to: bun src/cli/write-assets.ts FOLDER');
  process.exit(1);
}

await mkdir(join(folder, 'assets'), { recursive: true });
for (const { path, text, gzipped, brotlied } of ASSETS) {
  const file = join(folder, path);
  await Bun.write(file, text);
  await Bun.write(`${file}.gz`, await gzipped());
  await Bun.write(`${file}.br`, await brotlied());
}
const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name} "${value}"\n`);
await Bun.write(join(folder, 'headers.caddy'), headers.join(''));
console.log(`${ASSETS.length} files written to ${join(folder, 'assets')}`);
