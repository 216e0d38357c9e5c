import { chmod, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

const OWNER_ONLY = 0o600;

export interface Snapshot {
  bytes: number;
  stream: ReadableStream;
}

/**
 * A copy of the database as it is at one moment, while it is in use. The file it comes from has no name any more when this
 * resolves, so nothing is left behind however the download ends.
 */
export async function takeSnapshot(source: string): Promise<Snapshot> {
  const target = join(dirname(source), `snapshot-${Bun.randomUUIDv7()}.db`);
  try {
    await copyDatabase(source, target);
    await chmod(target, OWNER_ONLY);
    const file = await open(target, 'r');
    const { size } = await file.stat();
    return { bytes: size, stream: Readable.toWeb(file.createReadStream()) };
  } finally {
    await rm(target, { force: true });
  }
}

async function copyDatabase(source: string, target: string): Promise<void> {
  const worker = new Worker(new URL('./snapshot-worker.ts', import.meta.url).href);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage({ source, target });
  try {
    const failure = await promise;
    if (failure !== null) throw new Error(`The database could not be copied: ${failure}`);
  } finally {
    worker.terminate();
  }
}
