import type { Account, Audit } from '../accounts/index.ts';
import { demand } from '../accounts/index.ts';
import type { Db } from '../db/client.ts';
import { deleteLearned, listLearned, saveLearned } from '../db/queries/learning.ts';
import type { Learning, LearningReport } from '../pipeline/learning/index.ts';

const SAVE_MS = 5_000;

interface KeeperOptions {
  db: Db;
  learning: Learning;
  logError: (message: string, cause: unknown) => void;
  onAudit: Audit;
}

/** What has been learned, as whoever may look at the gateway sees it. */
export interface LearningState extends LearningReport {
  isOn: boolean;
  owners: number;
}

export type LearningKeeper = ReturnType<typeof createLearningKeeper>;

/** Keeps what was learned in the database: read once at start, and saved a few seconds after it has changed. */
export function createLearningKeeper({ db, learning, logError, onAudit }: KeeperOptions) {
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function save(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const rows = learning.takeChanges();
    await saveLearned(db, rows).catch((cause) => logError('What was learned could not be saved.', cause));
  }

  return {
    /** To be called once, before the first request. */
    load: async (): Promise<void> => learning.load(await listLearned(db)),
    /** That something is to be saved soon. */
    note(): void {
      timer ??= setTimeout(() => void save(), SAVE_MS);
    },
    save,
    /** Throws `forbidden`. */
    state(account: Account): LearningState {
      demand(account, 'see-status');
      const report = learning.report() ?? { labels: {}, lastAt: null, models: [], kinds: [] };
      return { isOn: learning.isOn(), owners: learning.ownerCount(), ...report };
    },
    /** Forgets everything, for everybody; feedback itself stays. Throws `forbidden`. */
    async reset(account: Account): Promise<void> {
      demand(account, 'change-settings');
      const labels = learning.report()?.labels ?? {};
      learning.reset();
      await deleteLearned(db);
      const subject = { kind: 'gateway', id: null, name: null } as const;
      onAudit({ actor: account, action: 'learning.reset', subject, details: { labels } });
    },
  };
}
