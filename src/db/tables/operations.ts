import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What an operator may want to hear of: a budget that is nearly spent, a model without a price. */
export const events = sqliteTable(
  'events',
  {
    /** Says what happened, to whom and when, so that the same thing is told once, also after a restart. */
    id: text().primaryKey(),
    type: text().notNull(),
    at: integer().notNull(),
    data: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index('events_by_time').on(table.at)],
);

/** An event on its way to the webhook. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    /** The message's id, the same at every try. */
    id: text().primaryKey(),
    eventId: text()
      .notNull()
      .references(() => events.id),
    tries: integer().notNull(),
    /** Null = it arrived, or was given up. */
    nextTryAt: integer(),
    deliveredAt: integer(),
    /** What the last try came to, in a few words; never the URL. */
    lastError: text(),
  },
  (table) => [index('deliveries_by_next_try').on(table.nextTryAt)],
);

/** Facts about this installation that must outlive a restart. */
export const settings = sqliteTable('settings', {
  name: text().primaryKey(),
  value: text().notNull(),
});

export type EventRow = typeof events.$inferSelect;
export type Delivery = typeof deliveries.$inferSelect;

/** Who changed what, and from where. Holds no secrets, and keeps the names of people and things that are gone. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    /** UUIDv7, so that id order is time order. */
    id: text().primaryKey(),
    at: integer().notNull(),
    /** Null = nobody who was signed in. */
    actorId: text(),
    actorName: text(),
    actorRole: text(),
    action: text().notNull(),
    subjectKind: text().notNull(),
    subjectId: text(),
    subjectName: text(),
    details: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    address: text(),
  },
  (table) => [index('audit_by_actor').on(table.actorId, table.id), index('audit_by_action').on(table.action, table.id)],
);

export type AuditRow = typeof auditLog.$inferSelect;
