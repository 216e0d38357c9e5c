import { Database } from 'bun:sqlite';

// Runs beside the gateway: copying a large database takes seconds, in which nobody could be answered.

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<{ source: string; target: string }>) => {
  const database = new Database(data.source, { readwrite: true, create: false });
  let failure: string | null = null;
  try {
    database.run('PRAGMA busy_timeout = 5000');
    database.run('VACUUM INTO ?', [data.target]);
  } catch (error) {
    failure = String(error);
  } finally {
    database.close();
  }
  self.postMessage(failure);
};
