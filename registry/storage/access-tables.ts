import { bigserial, index, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './column.ts';
import { graph, registry } from './graph-tables.ts';

/** What a key may do. `admin` is all of it, and keys, policies, contracts, webhooks and rollbacks besides. */
export const VERBS = ['read', 'check', 'publish', 'report', 'admin'] as const;
export type Verb = (typeof VERBS)[number];

export const key = registry.table('key', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** SHA-256 of the secret, in hexadecimal: the secret is shown once and kept nowhere. */
  hash: text('hash').notNull().unique(),
  name: text('name').notNull(),
  /** The first letters of the secret, to tell keys apart. */
  hint: text('hint').notNull(),
  /** `undefined` in each of the three: any. */
  graphId: text('graph_id').references(() => graph.id, { onDelete: 'cascade' }),
  variant: text('variant'),
  subgraph: text('subgraph'),
  verbs: text('verbs').array().$type<Verb[]>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
});

/** Who did what, refused attempts included. */
export const auditEntry = registry.table(
  'audit_entry',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    /** `subgraph.publish`, `key.create`, … */
    action: text('action').notNull(),
    graphId: text('graph_id'),
    variant: text('variant'),
    /** `done`, or the code of the error. */
    outcome: text('outcome').notNull(),
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  // As it is read: a graph's, newest first.
  (table) => [index('audit_entry_of_graph').on(table.graphId, table.id)],
);
