/** One change by a person, for whoever keeps a record of them. Holds no secret. */
export interface AuditNote {
  actorId: string;
  action: 'key.change' | 'user-limits.change';
  subjectId: string;
  before: object;
  after: object;
}

export type Audit = (note: AuditNote) => void;
