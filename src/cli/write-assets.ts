import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
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
for (const { url, text, gzipped } of ASSETS) {
  const path = join(folder, url);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  await Bun.write(path, text);
  await Bun.write(`${path}.gz`, gzipped);
  await Bun.write(`${path}.br`, brotliCompressSync(text, { params }));
}
const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name} "${value}"\n`);
await Bun.write(join(folder, 'headers.caddy'), headers.join(''));
console.log(`${ASSETS.length} files written to ${join(folder, 'assets')}`);
