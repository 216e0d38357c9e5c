import { mock } from 'bun:test';
import * as files from 'node:fs/promises';
import { z } from 'zod';

/**
 * A process of its own for the tests of saving: saves the catalogue on its standard input and kills itself, without a chance
 * to clean up, at the n-th use of one function of the file system.
 */
const [path = '', step = '', time = '1'] = process.argv.slice(2);
const real = { ...files };
let uses = 0;

function die(name: string): void {
  if (name === step && ++uses === Number(time)) process.kill(process.pid, 'SIGKILL');
}

function guarded<A extends unknown[], R>(name: string, run: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    die(name);
    return run(...args);
  };
}

const open = guarded('open', async (target: string, flags: string, mode?: number) => {
  const handle = await real.open(target, flags, mode);
  return {
    writeFile: guarded('writeFile', (text: string) => handle.writeFile(text)),
    sync: guarded('sync', () => handle.sync()),
    close: () => handle.close(),
  };
});
mock.module('node:fs/promises', () => ({
  ...real,
  open,
  readFile: guarded('readFile', (target: string) => real.readFile(target, 'utf8')),
  copyFile: guarded('copyFile', real.copyFile),
  rename: guarded('rename', real.rename),
  rm: guarded('rm', real.rm),
}));

const { saveRegistry } = await import('./save.ts');
const { RegistryFile } = await import('./schema.ts');
await saveRegistry(path, RegistryFile.parse(z.unknown().parse(JSON.parse(await Bun.stdin.text()))));
