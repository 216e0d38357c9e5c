import { and, desc, eq, gte, like, lt } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type AuditRow, auditLog } from '../schema.ts';

/** Which entries: fields left out let everything through. */
export interface AuditFilter {
  actorId?: string | undefined;
  /** Of an action, `key.make`, or of everything about keys, `key.`. */
  action?: string | undefined;
  /** Of a thing or person that something was done to. */
  subjectId?: string | undefined;
  since?: number | undefined;
  /** Exclusive. */
  until?: number | undefined;
  /** Only those older than the entry with this id. */
  before?: string | undefined;
}

export function insertAuditRow(db: Db, row: AuditRow): void {
  db.insert(auditLog).values(row).run();
}

/** The newest first. */
export async function listAudit(db: Db, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
  const { actorId, action, subjectId, since, until, before } = filter;
  const isAction = action?.endsWith('.') ? like(auditLog.action, `${action}%`) : eq(auditLog.action, action ?? '');
  return await db
    .select()
    .from(auditLog)
    .where(
      and(
        actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
        action === undefined ? undefined : isAction,
        subjectId === undefined ? undefined : eq(auditLog.subjectId, subjectId),
        since === undefined ? undefined : gte(auditLog.at, since),
        until === undefined ? undefined : lt(auditLog.at, until),
        before === undefined ? undefined : lt(auditLog.id, before),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit);
}
