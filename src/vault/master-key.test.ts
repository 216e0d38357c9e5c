import { afterEach, beforeEach, expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMasterKey } from './master-key.ts';

let root: string;
let warnings: string[];
const dataDir = () => join(root, 'data');
const file = () => join(dataDir(), 'master.key');
const load = () => loadMasterKey(dataDir(), (message) => warnings.push(message));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gateway-'));
  warnings = [];
});
afterEach(() => rmSync(root, { recursive: true }));

test('the first start makes a key that only the owner can read, and later starts read it', async () => {
  const first = await load();
  expect(Buffer.from(readFileSync(file(), 'utf8'), 'base64')).toEqual(first.export());
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir())).toEqual(['master.key']);

  expect((await load()).equals(first)).toBe(true);
  expect(warnings).toEqual([]);
});

test('two first starts at once end up with one key', async () => {
  const [one, other] = await Promise.all([load(), load()]);
  expect(one!.equals(other!)).toBe(true);
  expect(readdirSync(dataDir())).toEqual(['master.key']);
});

test('a file that others can read is closed to them, with a warning', async () => {
  const first = await load();
  chmodSync(file(), 0o644);
  expect((await load()).equals(first)).toBe(true);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(warnings).toEqual([`${file()} could be read by other users of this machine; it is now closed to them.`]);
});

test.each([
  ['empty', ''],
  ['too short', Buffer.alloc(31).toString('base64')],
  ['too long', Buffer.alloc(33).toString('base64')],
  ['not base64', 'correct horse battery staple correct horse battery'],
])('a file that is %s is refused by name and left as it is', async (_, content) => {
  await load();
  writeFileSync(file(), content);
  await expect(load()).rejects.toThrow(`${file()} is not a master key`);
  expect(readFileSync(file(), 'utf8')).toBe(content);
});

test('a file that cannot be read is refused by name', async () => {
  await load();
  rmSync(file());
  // A folder stands in for a file without permission, which a test run as root could read all the same.
  await Bun.write(join(file(), 'x'), '');
  await expect(load()).rejects.toThrow(`the master key in ${file()} cannot be read`);
});
