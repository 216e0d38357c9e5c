export { type Accounts, createAccounts } from './accounts.ts';
export type { Audit, AuditNote } from './audit.ts';
export { createKeys, type KeyRequest, type Keys, STRATEGIES, type UncheckedKeyRequest } from './keys.ts';
export { type Account, type Action, demand, may } from './permissions.ts';
export { isSameOrigin } from './same-origin.ts';
export { createSessionCookie, type SessionCookie } from './session-cookie.ts';
export { createSessions, type Session, type Sessions } from './sessions.ts';
export { createUserLimits, type UserLimits } from './user-limits.ts';
