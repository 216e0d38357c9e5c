import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '../../package.json' with { type: 'json' };
import type { StatusReport } from '../../views/pages/status.tsx';
import type { Catalogue } from '../catalogue/index.ts';
import type { Db } from '../db/client.ts';
import { countDeliveries } from '../db/queries/events.ts';
import { sumSpend } from '../db/queries/spend.ts';
import type { Retention } from '../jobs/retention.ts';
import type { Scheduler } from '../jobs/scheduler.ts';
import type { Clock } from '../lib/clock.ts';
import type { SettingValues } from '../settings/index.ts';
import type { Vendor } from '../vault/index.ts';

interface StatusOptions {
  db: Db;
  now: Clock;
  dataDir: string;
  settings: { current: () => SettingValues };
  writer: { queueDepth: () => number };
  ledger: { openCount: () => number };
  cache: { stats: () => { entries: number; bytes: number } };
  live: { openCount: () => number };
  vendors: () => readonly Vendor[];
  retention: Retention;
  catalogue: Pick<Catalogue, 'status'>;
  scheduler: Pick<Scheduler, 'list'>;
  timeZone: string;
  hasWebhook: boolean;
}

/** How the gateway is. Nothing of it is a secret: no addresses, keys or paths. */
export function createStatus({ db, now, dataDir, settings, ...parts }: StatusOptions): () => Promise<StatusReport> {
  const startedAt = now();
  const sizeOf = async (name: string): Promise<number> => {
    const file = await stat(join(dataDir, name)).catch(() => null);
    return file?.size ?? 0;
  };

  return async () => {
    const { requestDays, detailDays, cacheMaxMib } = settings.current();
    const { generatedAt, models, providers } = parts.catalogue.status();
    // Counting rows would read the whole table; the sums by day know how many there ever were.
    const { requests } = await sumSpend(db, { span: 'day', since: 0 });
    return {
      ...{ version, bunVersion: Bun.version, startedAt, at: now(), requestDays, detailDays },
      memoryBytes: process.memoryUsage.rss(),
      databaseBytes: await sizeOf('gateway.db'),
      walBytes: await sizeOf('gateway.db-wal'),
      requestsEver: requests,
      queueDepth: parts.writer.queueDepth(),
      openRequests: parts.ledger.openCount(),
      cache: { ...parts.cache.stats(), maxBytes: cacheMaxMib * 1024 * 1024 },
      livePages: parts.live.openCount(),
      vendors: parts.vendors(),
      catalogue: { generatedAt, models, providers },
      jobs: await parts.scheduler.list(),
      timeZone: parts.timeZone,
      prune: parts.retention.lastRun(),
      webhook: parts.hasWebhook ? await countDeliveries(db) : null,
    };
  };
}
