import { afterEach, beforeEach, expect, test } from 'bun:test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFixture } from '../catalogue/fixture.ts';
import { followCatalogue, refreshRegistry } from './refresh-registry.ts';

let world: Awaited<ReturnType<typeof createFixture>>;
let logged: string[];
beforeEach(async () => {
  world = await createFixture();
  logged = [];
});
afterEach(() => world.remove());
const log = { info: () => {}, warn: (message: string) => void logged.push(message), error: () => {} };

test('the nightly job updates the catalogue, tells which provider failed, and is tried again for it', async () => {
  const job = refreshRegistry({ catalogue: world.catalogue, log });
  expect(job.schedule).toEqual({ type: 'daily', hour: 3, minute: 0 });
  expect(await job.run()).toBe('retry');
  expect(logged.map((line) => line.split('.')[0])).toEqual([
    'The prices of openai are kept as they were',
    'The prices of google are kept as they were',
  ]);
  expect(world.catalogue.status().last?.source).toBe('job');
});

test('the nightly job waits while somebody else updates', async () => {
  await writeFile(join(world.dataDir, 'models.json.update.lock'), '1');
  expect(await refreshRegistry({ catalogue: world.catalogue, log }).run()).toBe('retry');
  expect(world.catalogue.status().last).toBeNull();
});

test('the catalogue is followed with every look at the clock', async () => {
  expect(await followCatalogue({ catalogue: world.catalogue }).run()).toBe('done');
});
