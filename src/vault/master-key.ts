import type { KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createKey } from '../lib/secret-box.ts';

export const MASTER_KEY_FILE = 'master.key';

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/**
 * The key that everything secret in the data folder hangs on, from `master.key` there; made on the first start. Throws a
 * sentence that names the file when it cannot be read or is not such a key: a new one in its place would lose what is sealed.
 * A file that others may read is closed to them, and `warn` told.
 */
export async function loadMasterKey(
  dataDir: string,
  warn: (message: string) => void = console.warn,
): Promise<KeyObject> {
  const path = join(dataDir, MASTER_KEY_FILE);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (!(await exists(path))) await createMasterKeyFile(path);
  await closeToOthers(path, warn);
  return parseMasterKey(path, await readText(path));
}

async function createMasterKeyFile(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', OWNER_ONLY);
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
    await file.close();
    await publish(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST'))
      throw new Error(`Cannot start: the master key could not be written to ${path}.`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
}

/** Linking never replaces a file: of two processes that start at once, both end up with the first one's key. */
async function publish(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error;
    // The file system has no hard links; renaming is as atomic, only not safe against a second first start.
    await rename(draft, path);
  }
}

async function closeToOthers(path: string, warn: (message: string) => void): Promise<void> {
  if (((await stat(path)).mode & OTHERS) === 0) return;
  // Some file systems know no modes: then nothing changes, and the owner has to hear of it.
  await chmod(path, OWNER_ONLY).catch(() => undefined);
  const isClosed = ((await stat(path)).mode & OTHERS) === 0;
  warn(
    isClosed
      ? `${path} could be read by other users of this machine; it is now closed to them.`
      : `${path} can be read by other users of this machine, and its mode could not be changed. Close it to them.`,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new Error(`Cannot start: the master key in ${path} cannot be read.`, { cause: error });
  }
}

function parseMasterKey(path: string, text: string): KeyObject {
  const bytes = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || bytes.length !== KEY_BYTES) {
    throw new Error(
      `Cannot start: ${path} is not a master key (${KEY_BYTES} bytes in base64). Put the right file back from your backup; ` +
        'only if there are no provider keys to lose, delete it and a new one is made.',
    );
  }
  return createKey(bytes);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw new Error(`Cannot start: the master key in ${path} cannot be read.`, { cause: error });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
