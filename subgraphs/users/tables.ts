import { sql } from 'drizzle-orm';
import { index, jsonb, pgSchema, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { JWK } from 'jose';
import { createOutbox } from '../outbox.ts';

/** The tables of users. Qualified by their schema, because services may share one database (architecture, §1). */
export const users = pgSchema('users');

/** Milliseconds, because a `Date` has no more: otherwise a cursor made of one would skip rows. */
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const user = users.table(
  'user',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull(),
    /** As it was given; unique whatever its case. */
    email: text('email').notNull(),
    role: text('role', { enum: ['ADMIN', 'CUSTOMER'] }).notNull(),
    /** See `passwords.ts`. */
    passwordHash: text('password_hash').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('user_email_unique').on(sql`lower(${table.email})`),
    index('user_created_at').on(table.createdAt, table.id),
  ],
);

/** One login and the chain of refresh tokens that came of it. */
export const session = users.table(
  'session',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: uuid('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    /** Moves on with each refresh. */
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('session_user').on(table.userId), index('session_expires_at').on(table.expiresAt)],
);

export const refreshToken = users.table(
  'refresh_token',
  {
    /** SHA-256, base64url. */
    hash: text('hash').primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => session.id, { onDelete: 'cascade' }),
    /** Set once: a token that shows up again after this was stolen. */
    usedAt: instant('used_at'),
  },
  (table) => [index('refresh_token_session').on(table.sessionId)],
);

/** Whoever reads this table can sign tokens: give the database role to this service alone. */
export const signingKey = users.table(
  'signing_key',
  {
    /** The key's thumbprint (RFC 7638). */
    kid: text('kid').primaryKey(),
    privateKey: jsonb('private_key').$type<JWK>().notNull(),
    state: text('state', { enum: ['next', 'current', 'retired'] }).notNull(),
    /** When it became the one that signs. */
    currentSince: instant('current_since'),
    /** When the last token that it signed has expired; only of a retired one. */
    publishedUntil: instant('published_until'),
  },
  (table) => [uniqueIndex('signing_key_one_per_state').on(table.state).where(sql`${table.state} <> 'retired'`)],
);

/** The events of this service that are still to be told. */
export const outbox = createOutbox(users);
