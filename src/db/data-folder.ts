import { Database } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes the data folder if there is none, takes it for this process, and gives the way to let it go. Throws a sentence when it
 * cannot be written or another process has it.
 *
 * The lock is SQLite's, on a file of its own: the kernel holds it, also between containers on one volume, and drops it with the
 * process, however that ends. The database itself stays open to whoever reads it beside us, as backups do.
 */
export function takeDataFolder(dataDir: string): () => void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const lock = new Database(join(dataDir, 'gateway.lock'), { create: true });
    lock.run('PRAGMA busy_timeout = 0');
    lock.run('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (cause) {
    throw new Error(`Cannot start: ${hasCode(cause, 'SQLITE_BUSY') ? taken(dataDir) : unusable(dataDir)}`, { cause });
  }
}

function taken(dataDir: string): string {
  return (
    `another gateway is using the data folder "${dataDir}", and two would spoil each other's books. ` +
    'Stop that one, or give this one a DATA_DIR of its own.'
  );
}

function unusable(dataDir: string): string {
  return (
    `the data folder "${dataDir}" cannot be written by this process (user ${process.getuid?.() ?? 'unknown'}). ` +
    'Give the folder to that user, or set DATA_DIR to another one.'
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith(code);
}
