import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { RoutePolicy } from '../../chat/route-policy.ts';
import type { LimitSet } from '../limit-set.ts';

/** A person who signs in to the dashboard. */
export const users = sqliteTable('users', {
  id: text().primaryKey(),
  email: text().notNull().unique(),
  name: text().notNull(),
  /** argon2id. */
  passwordHash: text().notNull(),
  role: text({ enum: ['admin', 'member', 'viewer'] }).notNull(),
  /** Raised to sign a person out everywhere: a session holds the number it was made with. */
  sessionVersion: integer().notNull().default(1),
  /** For all keys of this person together. */
  limits: text({ mode: 'json' }).$type<LimitSet>().notNull().default({}),
  createdAt: integer().notNull(),
  disabledAt: integer(),
});

/** Single-use tokens: the setup link, and later invitations. Only the HMAC is kept. */
export const oneTimeTokens = sqliteTable('one_time_tokens', {
  id: text().primaryKey(),
  purpose: text({ enum: ['setup', 'invite'] }).notNull(),
  hash: text().notNull().unique(),
  createdAt: integer().notNull(),
  expiresAt: integer(),
  usedAt: integer(),
});

/** A key a program sends us. Its HMAC is kept: a lost key is replaced, never read back. */
export const gatewayKeys = sqliteTable('gateway_keys', {
  id: text().primaryKey(),
  /** Null for keys the gateway made itself before there was anybody. */
  userId: text().references(() => users.id),
  name: text().notNull(),
  hash: text().notNull().unique(),
  /** The first characters, for people to tell keys apart. */
  prefix: text().notNull(),
  /** How `auto` picks for this key; null = the gateway's default. */
  strategy: text({ enum: ['cost', 'quality', 'speed', 'balanced'] }),
  /** Models that may answer when an explicit model fails. */
  fallbackModels: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
  limits: text({ mode: 'json' }).$type<LimitSet>().notNull().default({}),
  /** How the gateway chooses for this key; null = as for every other. */
  policy: text({ mode: 'json' }).$type<RoutePolicy>(),
  /** Whether prompts and answers are kept for a while, to be read on the dashboard. */
  storesBodies: integer({ mode: 'boolean' }).notNull().default(false),
  createdAt: integer().notNull(),
  expiresAt: integer(),
  revokedAt: integer(),
  /** As of the last ledger rows written. */
  lastUsedAt: integer(),
});

/** A provider's key, encrypted with the master key. `keyId` names the master key that did it. */
export const providerKeys = sqliteTable('provider_keys', {
  id: text().primaryKey(),
  provider: text().notNull(),
  name: text().notNull(),
  /** Nonce, ciphertext and tag, base64. */
  sealed: text().notNull(),
  keyId: text().notNull(),
  /** Its share of the provider's calls against the other keys; 0 = set aside. */
  weight: integer().notNull().default(1),
  createdAt: integer().notNull(),
  revokedAt: integer(),
});

export type User = typeof users.$inferSelect;
export type GatewayKey = typeof gatewayKeys.$inferSelect;
export type ProviderKey = typeof providerKeys.$inferSelect;
