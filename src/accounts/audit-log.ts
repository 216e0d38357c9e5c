import type { Db } from '../db/client.ts';
import { type AuditFilter, insertAuditRow, listAudit } from '../db/queries/audit.ts';
import type { AuditRow } from '../db/schema.ts';
import type { Clock } from '../lib/clock.ts';
import type { AuditNote } from './audit.ts';
import { type Account, demand } from './permissions.ts';

const MINUTE_MS = 60_000;
/** Somebody who guesses names and passwords must not be able to fill the disk. */
const REFUSALS_PER_MINUTE = 20;
const MAX_NAME_LENGTH = 200;

export type AuditLog = ReturnType<typeof createAuditLog>;

/** The record of who changed what. Entries are only ever added. */
export function createAuditLog({ db, now }: { db: Db; now: Clock }) {
  let minute = 0;
  let refusals = 0;

  /** Writes an entry. Of refused sign-ins only so many in a minute; the next one after that says how many were left out. */
  function write({ actor, action, subject, details = {} }: AuditNote): void {
    const at = now();
    const unrecorded = action === 'session.refuse' ? countRefusal(at) : 0;
    if (unrecorded === null) return;
    insertAuditRow(db, {
      ...{ id: Bun.randomUUIDv7(), at, action },
      ...{ actorId: actor?.id || null, actorName: actor?.name ?? null, actorRole: actor?.role ?? null },
      ...{
        subjectKind: subject.kind,
        subjectId: subject.id,
        subjectName: subject.name?.slice(0, MAX_NAME_LENGTH) ?? null,
      },
      details: unrecorded === 0 ? details : { ...details, unrecorded },
      address: actor?.address ?? (typeof details.address === 'string' ? details.address : null),
    });
  }

  /** Null for one that is left out; else how many were left out in the minute before. */
  function countRefusal(at: number): number | null {
    const thisMinute = Math.floor(at / MINUTE_MS);
    const leftOut = thisMinute === minute ? 0 : Math.max(0, refusals - REFUSALS_PER_MINUTE);
    if (thisMinute !== minute) refusals = 0;
    minute = thisMinute;
    refusals++;
    return refusals > REFUSALS_PER_MINUTE ? null : leftOut;
  }

  /** The newest first; for admins. Throws `forbidden`. */
  async function list(account: Account, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
    demand(account, 'see-audit');
    return await listAudit(db, filter, limit);
  }

  return { write, list };
}
