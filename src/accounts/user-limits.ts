import type { Db } from '../db/client.ts';
import type { LimitSet } from '../db/limit-set.ts';
import { changeUserLimits, findUser } from '../db/queries/users.ts';
import { type Audit, changesBetween } from './audit.ts';
import { patchLimits } from './limits.ts';
import { demandKnownModels, type IsModel } from './model-names.ts';
import { type Account, demand } from './permissions.ts';

interface UserLimitsOptions {
  db: Db;
  /** Called after every change, before the promise of the change resolves. */
  onChange?: (() => void | Promise<void>) | undefined;
  onAudit?: Audit | undefined;
  /** Left out: every name is taken for one. */
  isModel?: IsModel | undefined;
}

export type UserLimits = ReturnType<typeof createUserLimits>;

/** What a person may use with all their keys together. */
export function createUserLimits({ db, onChange, onAudit, isModel = () => true }: UserLimitsOptions) {
  return {
    /** A person's own, or for admins anybody's; null when there is no such person. Throws `forbidden`. */
    async read(account: Account, userId: string): Promise<LimitSet | null> {
      if (account.id !== userId) demand(account, 'set-user-limits');
      return (await findUser(db, userId))?.limits ?? null;
    },
    /** The limits after the change; null when there is no such person. Throws `forbidden` or `invalid_request`. */
    async change(account: Account, userId: string, change: unknown): Promise<LimitSet | null> {
      demand(account, 'set-user-limits');
      const changed = changeUserLimits(db, userId, (limits) => {
        const wish = patchLimits(limits, change);
        demandKnownModels(isModel, { limits: wish }, { limits });
        return wish;
      });
      if (!changed) return null;
      await onChange?.();
      const name = (await findUser(db, userId))?.name ?? null;
      const details = changesBetween(changed.before, changed.after);
      onAudit?.({ actor: account, action: 'user-limits.change', subject: { kind: 'user', id: userId, name }, details });
      return changed.after;
    },
  };
}
