import type { AuditLog } from '../accounts/index.ts';
import type { Db } from '../db/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { REQUEST_KINDS } from '../pipeline/classifier/index.ts';
import { createLearning, createSignals } from '../pipeline/learning/index.ts';
import type { Router } from '../pipeline/router/index.ts';
import { createLearningKeeper } from '../reports/keep-learning.ts';
import { createVerdicts } from '../reports/verdicts.ts';
import type { Settings } from '../settings/index.ts';

interface LearningOptions {
  db: Db;
  now: Clock;
  log: Log;
  audit: AuditLog;
  settings: Settings;
  standing: Router['standing'];
}

/** What learns from verdicts on answers, what hears them, and what keeps what was learned. */
export async function createLearningParts({ db, now, log, audit, settings, standing }: LearningOptions) {
  const isOn = () => settings.current().learning === 'on';
  const learning = createLearning({ kinds: REQUEST_KINDS, now, isOn, onChange: () => keeper.note() });
  const keeper = createLearningKeeper({ db, learning, logError: log.error, onAudit: audit.write });
  const verdicts = createVerdicts({ db, now, learning, standing, logError: log.error });
  await keeper.load();
  return {
    learning,
    signals: createSignals({
      isOn,
      // Later, so that no request waits for it, and a bug of ours is nobody's refusal.
      onSignal: (signal) =>
        void Promise.resolve(signal)
          .then(verdicts.hear)
          .catch((cause) => log.error('Nothing could be learned from what a client did next.', cause)),
    }),
    verdicts,
    keeper,
    async stop(): Promise<void> {
      await verdicts.flush();
      await keeper.save();
    },
  };
}
