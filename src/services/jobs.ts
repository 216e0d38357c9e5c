import type { Catalogue } from '../catalogue/index.ts';
import type { Config } from '../config.ts';
import type { Db } from '../db/client.ts';
import { findSetting, saveSetting } from '../db/queries/settings.ts';
import { followCatalogue, REFRESH_TIME, refreshRegistry } from '../jobs/refresh-registry.ts';
import { createScheduler } from '../jobs/scheduler.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';

interface JobsOptions {
  db: Db;
  now: Clock;
  log: Log;
  config: Config;
  catalogue: Catalogue;
}

/** What is done without anybody asking, and when. */
export function createJobs({ db, now, log, config, catalogue }: JobsOptions) {
  const { isRegistryRefreshed, timeZone } = config;
  const jobs = [...(isRegistryRefreshed ? [refreshRegistry({ catalogue, log })] : []), followCatalogue({ catalogue })];
  return {
    scheduler: createScheduler({
      ...{ jobs, now, log, timeZone },
      memory: {
        read: (name) => findSetting(db, `job:${name}`),
        save: (name, day) => saveSetting(db, `job:${name}`, day),
      },
    }),
    schedule: { timeZone, refreshTime: isRegistryRefreshed ? REFRESH_TIME : null },
  };
}
