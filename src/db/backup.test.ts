import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUp } from './backup.ts';
import { openDatabase } from './client.ts';
import { findSetting, saveSetting } from './queries/settings.ts';

let home: string;
let data: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gateway-backup-'));
  data = join(home, 'data');
  await Bun.write(join(data, 'master.key'), 'the key');
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('what was stored before is in the copy, though the database is in use, and what comes after is not', async () => {
  const db = openDatabase(join(data, 'gateway.db'));
  await saveSetting(db, 'before', 'yes');
  const target = join(home, 'backups/monday');
  expect(await backUp(data, target)).toEqual(['gateway.db', 'master.key']);
  await saveSetting(db, 'after', 'yes');

  const copy = openDatabase(join(target, 'gateway.db'));
  expect([await findSetting(copy, 'before'), await findSetting(copy, 'after')]).toEqual(['yes', null]);
  copy.close();
  db.close();
  expect(await Bun.file(join(target, 'master.key')).text()).toBe('the key');
});

test('the copy is for its owner alone, and holds the operator’s files that are there', async () => {
  openDatabase(join(data, 'gateway.db')).close();
  await Bun.write(join(data, 'providers.json'), '{}');
  await Bun.write(join(data, 'gateway.lock'), '');
  const target = join(home, 'copy');
  await backUp(data, target);
  expect((await readdir(target)).sort()).toEqual(['gateway.db', 'master.key', 'providers.json']);
  expect((await stat(target)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(target)) expect((await stat(join(target, name))).mode & 0o777).toBe(0o600);
});

test('an older backup is never overwritten', async () => {
  openDatabase(join(data, 'gateway.db')).close();
  const target = join(home, 'copy');
  await backUp(data, target);
  await expect(backUp(data, target)).rejects.toThrow(/is there already/);
  expect((await readdir(target)).sort()).toEqual(['gateway.db', 'master.key']);
});

test('a backup that does not come to its end leaves nothing that looks like one', async () => {
  await Bun.write(join(data, 'gateway.db'), 'no database at all, but long enough to be read as one '.repeat(100));
  await expect(backUp(data, join(home, 'copy'))).rejects.toThrow(/database/);
  await rm(join(data, 'gateway.db'));
  await expect(backUp(data, join(home, 'copy'))).rejects.toThrow(/There is no database/);
  expect(await readdir(home)).toEqual(['data']);
});
