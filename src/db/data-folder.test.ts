import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDataFolder } from './data-folder.ts';

const folder = await mkdtemp(join(tmpdir(), 'gateway-folder-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Another process that takes the folder, says so, and then holds it until it is killed. */
async function holdElsewhere(dataDir: string) {
  const code = `
    import { takeDataFolder } from ${JSON.stringify(join(import.meta.dir, 'data-folder.ts'))};
    const leave = takeDataFolder(${JSON.stringify(dataDir)});
    console.log('taken');
    setInterval(() => leave, 1000);`;
  const child = Bun.spawn([process.execPath, '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) if (new TextDecoder().decode(chunk).includes('taken')) break;
  return child;
}

test('a folder that is not there is made, for its owner alone', async () => {
  const dataDir = join(folder, 'new/data');
  takeDataFolder(dataDir)();
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
});

test('a folder has one gateway at a time, and the next may have it when that one has left', () => {
  const leave = takeDataFolder(folder);
  expect(() => takeDataFolder(folder)).toThrow(/Cannot start: another gateway is using the data folder/);
  leave();
  takeDataFolder(folder)();
});

test('a process that is killed lets go of its folder', async () => {
  const holder = await holdElsewhere(folder);
  expect(() => takeDataFolder(folder)).toThrow(/another gateway/);
  holder.kill('SIGKILL');
  await holder.exited;
  takeDataFolder(folder)();
});

test('a folder that cannot be written is named, and who tried', async () => {
  const file = join(folder, 'file');
  await Bun.write(file, '');
  expect(() => takeDataFolder(join(file, 'data'))).toThrow(/data folder ".*data" cannot be written .*\(user \d+\)/);
});
