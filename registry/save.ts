import { copyFile, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseRegistryFile } from './load.ts';
import type { RegistryFile } from './schema.ts';

/** Thrown when another process is saving the same file. */
export class CatalogueLocked extends Error {}

/**
 * Writes a catalogue so that a crash at any moment leaves a good file: into a temporary file in the same folder, synced, read
 * back and checked, then put in place by one rename. The file before is kept as `.bak`. Throws `CatalogueLocked` or, for a
 * catalogue that would not load again, a `RegistryError`.
 */
export async function saveRegistry(path: string, file: RegistryFile): Promise<void> {
  const lock = await takeLock(`${path}.lock`);
  try {
    const draft = `${path}.tmp`;
    await writeSynced(draft, `${JSON.stringify(file, null, 2)}\n`);
    parseRegistryFile(await readFile(draft, 'utf8'), draft);
    await keepPrevious(path);
    await rename(draft, path);
    await syncFolder(dirname(path));
  } finally {
    await lock.release();
  }
}

async function keepPrevious(path: string): Promise<void> {
  const copy = `${path}.bak.tmp`;
  try {
    await copyFile(path, copy);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await rename(copy, `${path}.bak`);
}

/**
 * The locks of this process. Its number alone does not tell: in a container, the gateway after a crash has the number of the
 * one before.
 */
const ours = new Set<string>();

/** Holds a file's lock until it is released. Throws `CatalogueLocked` while another process has it. */
export async function takeLock(path: string) {
  try {
    const file = await open(path, 'wx');
    ours.add(path);
    await file.writeFile(String(process.pid));
    await file.close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (isHeld(path, owner)) throw new CatalogueLocked(`The catalogue is being written by process ${owner}.`);
    // Whoever held it has died; its lock must not hold up every later update.
    await rm(path, { force: true });
    return await takeLock(path);
  }
  return {
    release: async () => {
      await rm(path, { force: true });
      ours.delete(path);
    },
  };
}

/** Whether a process that lives holds this lock. */
export async function isLocked(path: string): Promise<boolean> {
  return isHeld(path, Number(await readFile(path, 'utf8').catch(() => '')));
}

function isHeld(path: string, owner: number): boolean {
  return ours.has(path) || (owner !== process.pid && isRunning(owner));
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Writes a file whole and waits until it is on the disk. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
