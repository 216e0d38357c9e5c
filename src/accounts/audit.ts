import type { Account } from './permissions.ts';

/** Everything that is written down. What stands before the dot is what it was done to. */
export const AUDIT_ACTIONS = [
  'setup',
  'session.sign-in',
  'session.refuse',
  'session.end-all',
  'invitation.make',
  'invitation.withdraw',
  'invitation.accept',
  'password.change',
  'password.link',
  'password.reset',
  'user.change',
  'user.disable',
  'user.enable',
  'user-limits.change',
  'key.make',
  'key.change',
  'key.rotate',
  'key.revoke',
  'key.restore',
  'provider-key.add',
  'provider-key.change',
  'provider-key.test',
  'provider-key.revoke',
  'catalogue.update',
  'server.add',
  'server.change',
  'server.remove',
  'catalogue.pin',
  'catalogue.unpin',
  'catalogue.approve',
  'catalogue.override',
  'catalogue.clear-override',
  'settings.change',
  'learning.reset',
  'webhook.test',
  'backup.download',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditSubject {
  kind: 'gateway' | 'user' | 'invitation' | 'key' | 'provider-key' | 'server' | 'catalogue' | 'settings';
  id: string | null;
  /** As it was called at that time; null where it has no name. */
  name: string | null;
}

/** One change by a person, for whoever keeps a record of them. Holds no secret. */
export interface AuditNote {
  /** Null = nobody who was signed in. */
  actor: Account | null;
  action: AuditAction;
  subject: AuditSubject;
  details?: Record<string, unknown> | undefined;
}

export type Audit = (note: AuditNote) => void;

/** What is different after a change, by field, as `[before, after]`. Limits are told one by one. */
export function changesBetween(before: object, after: object): Record<string, [unknown, unknown]> {
  const old = new Map(Object.entries(before));
  const fresh = new Map(Object.entries(after));
  const changes: Record<string, [unknown, unknown]> = {};
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    const [one, other] = [old.get(name) ?? null, fresh.get(name) ?? null];
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    if (name === 'limits') Object.assign(changes, changesBetween(Object(one), Object(other)));
    else changes[name] = [one, other];
  }
  return changes;
}
