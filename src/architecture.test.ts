import { expect, test } from 'bun:test';
import { dirname, join, relative } from 'node:path';

const ROOT = join(import.meta.dir, '..');
const MAX_LINES = 300;

/** Lowest first. A file imports from its own folder or from a lower level, never sideways or up. */
const LEVELS = [
  ['src/errors.ts', 'src/lib'],
  ['src/chat', 'src/config.ts'],
  ['src/dialects', 'src/db', 'registry'],
  ['src/providers', 'src/vault', 'src/accounts', 'views'],
  ['src/settings'],
  [
    'src/pipeline/auth',
    'src/pipeline/limits',
    'src/pipeline/cache',
    'src/pipeline/classifier',
    'src/pipeline/router',
    'src/pipeline/executor',
    'src/pipeline/ledger',
    'src/pipeline/thoughts',
  ],
  ['src/pipeline', 'src/catalogue', 'src/reports'],
  ['src/http', 'src/dashboard', 'src/jobs'],
  ['src/demo', 'src/cli'],
  ['src/services'],
  ['src/app.ts'],
  ['src/main.ts', 'src/testing'],
];

/** Folders whose subfolders do not know each other, but for one that ends in `-common` and holds what a family shares. */
const APART = ['src/dialects', 'src/providers'];

const sources = [...new Bun.Glob('{src,registry,views}/**/*.{ts,tsx}').scanSync(ROOT)].sort();
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const code = sources.filter((path) => !isTest(path) && !path.startsWith('src/testing/'));

/** The longest matching name wins, so that a stage's folder is not taken for `src/pipeline`. */
function roomOf(path: string): { name: string; level: number } {
  const rooms = LEVELS.flatMap((names, level) => names.map((name) => ({ name, level })));
  const found = rooms
    .filter(({ name }) => path === name || path.startsWith(`${name}/`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (!found) throw new Error(`${path} is in no room: give its folder a level in architecture.test.ts`);
  return found;
}

async function importsOf(path: string): Promise<string[]> {
  const text = await Bun.file(join(ROOT, path)).text();
  const specifiers = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm)];
  return specifiers.map((match) => relative(ROOT, join(ROOT, dirname(path), match[1] ?? match[2] ?? '')));
}

test.each(code)('%s imports its own folder or lower levels only', async (path) => {
  const here = roomOf(path);
  for (const target of await importsOf(path)) {
    if (target.startsWith('package.json')) continue;
    const there = roomOf(target);
    const isAllowed = there.name === here.name || there.level < here.level;
    expect(isAllowed ? '' : `${path} (${here.name}) imports ${target} (${there.name})`).toBe('');
  }
});

test.each(code.filter((path) => APART.some((folder) => path.startsWith(`${folder}/`))))(
  '%s knows no sibling of its folder',
  async (path) => {
    const folder = APART.find((name) => path.startsWith(`${name}/`)) ?? '';
    const own = path.slice(folder.length + 1).split('/');
    if (own.length === 1) return;
    for (const target of await importsOf(path)) {
      if (!target.startsWith(`${folder}/`)) continue;
      const other = target.slice(folder.length + 1).split('/');
      const isShared = other[0]?.endsWith('-common') ?? false;
      expect(other.length === 1 || other[0] === own[0] || isShared ? '' : `${path} imports ${target}`).toBe('');
    }
  },
);

test('the catalogue stands alone: registry/ imports nothing of src/', async () => {
  for (const path of code.filter((one) => one.startsWith('registry/'))) {
    expect((await importsOf(path)).filter((target) => target.startsWith('src/'))).toEqual([]);
  }
});

test('only the edge knows the web framework', async () => {
  for (const path of code) {
    const text = await Bun.file(join(ROOT, path)).text();
    if (/from '(elysia|@elysiajs\/)/.test(text))
      expect(path).toMatch(/^src\/(http|dashboard|accounts|app\.ts)|^views\/jsx/);
  }
});

test('shared code names no vendor', async () => {
  const vendors = /\b(openai|anthropic|claude|gemini)\b/i;
  const shared = code.filter((path) => /^src\/(pipeline|chat|lib)\//.test(path));
  for (const path of shared) {
    const text = (await Bun.file(join(ROOT, path)).text()).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(vendors.test(text) ? path : '').toBe('');
  }
});

test.each(sources)(`%s has at most ${MAX_LINES} lines`, async (path) => {
  const lines = (await Bun.file(join(ROOT, path)).text()).split('\n').length - 1;
  expect(lines).toBeLessThanOrEqual(MAX_LINES);
});

test('no file silences the type checker', async () => {
  for (const path of sources) {
    const text = await Bun.file(join(ROOT, path)).text();
    expect(/@ts-(ignore|nocheck|expect-error)/.test(text) && !path.includes('architecture') ? path : '').toBe('');
  }
});

test('the reader of vendors’ pages is loaded when a page is read, because it takes more memory than all the rest', async () => {
  for (const path of code) {
    const text = await Bun.file(join(ROOT, path)).text();
    expect(/^import [^;]*'linkedom'/m.test(text), path).toBe(false);
  }
});
