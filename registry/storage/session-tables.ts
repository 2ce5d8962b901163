import { index, text, uuid } from 'drizzle-orm/pg-core';
import { key } from './access-tables.ts';
import { instant } from './column.ts';
import { registry } from './graph-tables.ts';

/** Somebody who has signed in to the console with a key, and may do what the key may. */
export const session = registry.table(
  'session',
  {
    /** SHA-256 of what the cookie has, in hexadecimal. */
    hash: text('hash').primaryKey(),
    keyId: uuid('key_id')
      .notNull()
      .references(() => key.id, { onDelete: 'cascade' }),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('session_expires_at').on(table.expiresAt)],
);
