import type { Catalogue } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../lib/log.ts';
import type { Job } from './scheduler.ts';

/** When the vendors' pages are read, in the gateway's time zone. */
const DAILY = { hour: 3, minute: 0 };
export const REFRESH_TIME = [DAILY.hour, DAILY.minute].map((part) => String(part).padStart(2, '0')).join(':');

/** Brings the catalogue up to the vendors' pages every night. */
export function refreshRegistry({ catalogue, log }: { catalogue: Catalogue; log: Log }): Job {
  return {
    name: 'refresh-registry',
    schedule: { type: 'daily', ...DAILY },
    async run() {
      try {
        const { outcomes } = await catalogue.update({ source: 'job' });
        const failed = outcomes.filter(({ status }) => status === 'failed');
        for (const { provider, message } of failed)
          log.warn(`The prices of ${provider} are kept as they were. ${message}`);
        return failed.length > 0 ? 'retry' : 'done';
      } catch (error) {
        // Somebody else is at it: the operator, or the command.
        if (error instanceof GatewayError && error.code === 'conflict') return 'retry';
        throw error;
      }
    },
  };
}

/** Sees what changes without an update of ours: the day, the file under the command's hands, the age of what is known. */
export function followCatalogue({ catalogue }: { catalogue: Catalogue }): Job {
  return {
    name: 'follow-catalogue',
    schedule: { type: 'every', ms: 1 },
    async run() {
      await catalogue.follow();
      return 'done';
    },
  };
}
