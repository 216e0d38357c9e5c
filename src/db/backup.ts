import { Database } from 'bun:sqlite';
import { chmod, copyFile, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const OWNER_ONLY = 0o600;

/** What the data folder holds beside the database. Without the master key the provider keys in a backup cannot be opened. */
const FILES = ['master.key', 'models.json', 'models.memory.json', 'providers.json'] as const;

/**
 * Copies the data folder to a new folder that can take its place, while a gateway uses it or not. Gives the names of the files.
 * The database is as it was at one moment: everything stored before the call, and no half of anything after it. Throws a
 * sentence when there is nothing to copy or something stands at `target` already.
 */
export async function backUp(dataDir: string, target: string): Promise<string[]> {
  const source = join(dataDir, 'gateway.db');
  if (!(await Bun.file(source).exists()))
    throw new Error(`There is no database in "${dataDir}", or it is not for user ${process.getuid?.()} to read.`);
  // Under another name until it is whole: an interrupted backup must not look like one.
  const draft = `${target.replace(/\/+$/, '')}.unfinished`;
  await makeFolder(draft, target);
  try {
    copyDatabase(source, join(draft, 'gateway.db'));
    const copied = ['gateway.db'];
    for (const name of FILES) {
      if (!(await Bun.file(join(dataDir, name)).exists())) continue;
      await copyFile(join(dataDir, name), join(draft, name));
      copied.push(name);
    }
    for (const name of copied) await chmod(join(draft, name), OWNER_ONLY);
    await rename(draft, target);
    return copied;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    await rmdir(target);
    throw error;
  }
}

async function makeFolder(draft: string, target: string): Promise<void> {
  // Taking the name is what refuses an older backup; it is let go again in favour of the draft.
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await mkdir(target, { mode: 0o700 }).catch((cause) => {
    throw new Error(`"${target}" is there already, or cannot be made. A backup goes to a new folder.`, { cause });
  });
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
}

/** A copy that has been read through: a backup that cannot be restored is worse than none. */
function copyDatabase(source: string, target: string): void {
  const database = new Database(source, { readwrite: true, create: false });
  try {
    database.run('PRAGMA busy_timeout = 5000');
    database.run('VACUUM INTO ?', [target]);
  } finally {
    database.close();
  }
  const copy = new Database(target, { readonly: true });
  try {
    const found = copy.query<{ integrity_check: string }, []>('PRAGMA integrity_check').get()?.integrity_check;
    if (found !== 'ok') throw new Error(`The copy of the database is damaged: ${found}`);
  } finally {
    copy.close();
  }
}
