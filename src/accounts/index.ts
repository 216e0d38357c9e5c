export { type Accounts, createAccounts } from './accounts.ts';
export { AUDIT_ACTIONS, type Audit, type AuditAction, type AuditNote, changesBetween } from './audit.ts';
export { type AuditLog, createAuditLog } from './audit-log.ts';
export {
  createKeys,
  type KeyRequest,
  type Keys,
  MAX_OVERLAP_HOURS,
  STRATEGIES,
  UNDO_MS,
  type UncheckedKeyRequest,
} from './keys.ts';
export { createLinks, INVITATION_DAYS, type Invitation, type Links } from './links.ts';
export { createPasswords } from './password.ts';
export { createPeople, type People } from './people.ts';
export { type Account, type Action, demand, may } from './permissions.ts';
export { ROLES } from './rules.ts';
export { isSameOrigin } from './same-origin.ts';
export { createSessionCookie, type SessionCookie } from './session-cookie.ts';
export { createSessions, type Session, type Sessions } from './sessions.ts';
export { createUserLimits, type UserLimits } from './user-limits.ts';
