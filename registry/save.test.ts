import { afterAll, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyCatalogue } from './apply.ts';
import { describeChange, diffModels } from './diff.ts';
import { loadRegistry, parseRegistryFile } from './load.ts';
import { CatalogueLocked, saveRegistry } from './save.ts';
import type { RegistryFile } from './schema.ts';

const shipped = parseRegistryFile(await readFile(join(import.meta.dir, 'models.json'), 'utf8'), 'models.json');
const [first, second] = shipped.models;
if (!first || !second) throw new Error('the shipped catalogue has models');

const catalogue = (models: RegistryFile['models'], generatedAt = '2026-11-23T00:00:00Z'): RegistryFile => ({
  schema: 1,
  generatedAt,
  models,
});
/** A model without ties to others, so that it stands alone in a catalogue. */
const alone = (model: typeof first) => ({ ...model, replacement: null, redirectsTo: null });
const [one, two] = [alone(first), alone(second)];
const dearer = {
  ...one,
  prices: one.prices.map((row) => ({
    ...row,
    rates: { ...row.rates, ...(row.rates.input && { input: row.rates.input * 2 }) },
  })),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A process that lives and is not this one: the first of the machine. */
const ANOTHER = '1';

test('a saved catalogue loads again, and the one before it is kept', async () => {
  const path = join(folder, 'models.json');
  await saveRegistry(path, catalogue([one]));
  await saveRegistry(path, catalogue([one, two]));
  expect((await loadRegistry(path)).models).toHaveLength(2);
  expect((await loadRegistry(`${path}.bak`)).models).toHaveLength(1);
  expect((await readdir(folder)).sort()).toEqual(['models.json', 'models.json.bak']);
});

test('a catalogue that would not load again is never put in place', async () => {
  const path = join(folder, 'models.json');
  await saveRegistry(path, catalogue([one]));
  await expect(saveRegistry(path, catalogue([one, one]))).rejects.toThrow(/models\.json/);
  expect((await loadRegistry(path)).models).toHaveLength(1);
  await saveRegistry(path, catalogue([two]));
});

test('two processes do not save at once, and a dead one does not hold the next up', async () => {
  const path = join(folder, 'models.json');
  await writeFile(`${path}.lock`, ANOTHER);
  await expect(saveRegistry(path, catalogue([one]))).rejects.toBeInstanceOf(CatalogueLocked);
  // In a container, the gateway after a crash has the number of the one before.
  for (const dead of ['999999999', String(process.pid)]) {
    await writeFile(`${path}.lock`, dead);
    await saveRegistry(path, catalogue([one]));
  }
  expect((await loadRegistry(path)).models).toHaveLength(1);
});

test('a price change is told with its row, its field and its ratio', () => {
  const changes = diffModels([one], [dearer]);
  expect(changes.length).toBeGreaterThan(0);
  expect(changes.every((change) => change.type === 'price-changed' && change.field === 'input')).toBe(true);
  expect(changes.map(describeChange)[0]).toMatch(/input: \$[\d.]+ → \$[\d.]+ \(×2\)$/);
});

test('new, missing and changed models are told apart', () => {
  expect(diffModels([one], [two]).map(({ type }) => type)).toEqual(['model-added', 'model-missing']);
  expect(diffModels([one], [{ ...one, name: 'Another' }])).toMatchObject([{ type: 'field-changed', field: 'name' }]);
  expect(diffModels([one], [{ ...one, provenance: { ...one.provenance, fetchedAt: '2027-01-01' } }])).toEqual([]);
});

test('applying a newer catalogue keeps models it does not know and what the operator pinned', () => {
  const pinned = { ...one, provenance: { ...one.provenance, pinned: true } };
  const { file, changes } = applyCatalogue(catalogue([pinned, two]), catalogue([dearer]));
  expect(file.models).toEqual([pinned, two]);
  expect(changes.map(({ type }) => type)).toEqual(['model-missing']);
});

/** What a process does when it saves, in its order; it dies right before or after each of them. */
const STEPS = ['open', 'writeFile', 'sync', 'readFile', 'copyFile', 'rename', 'rm'];

test.each(STEPS.flatMap((step) => [1, 2, 3].map((time) => [step, time] as const)))(
  'a process that is killed at its %s number %i leaves a good catalogue, and the next one can save',
  async (step, time) => {
    const path = join(folder, 'models.json');
    await saveRegistry(path, catalogue([one]));
    const child = Bun.spawn([process.execPath, join(import.meta.dir, 'save-and-die.ts'), path, step, String(time)], {
      stdin: new Blob([JSON.stringify(catalogue([one, two]))]),
      stdout: 'ignore',
      stderr: 'ignore',
    });
    await child.exited;
    expect([1, 2]).toContain((await loadRegistry(path)).models.length);
    await saveRegistry(path, catalogue([two]));
    expect((await loadRegistry(path)).models.map(({ id }) => id)).toEqual([two.id]);
  },
);
