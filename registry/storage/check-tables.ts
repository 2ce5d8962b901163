import { index, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './column.ts';
import { type GitContext, registry } from './graph-tables.ts';

/** A check that was run, with its result as the room of checks words it. */
export const check = registry.table(
  'check',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    graphId: text('graph_id').notNull(),
    variant: text('variant').notNull(),
    /** None for that of a whole schema. */
    subgraph: text('subgraph'),
    status: text('status', { enum: ['PENDING', 'PASSED', 'FAILED'] }).notNull(),
    /** By task; parsed by whoever reads it. */
    result: jsonb('result').notNull(),
    git: jsonb('git').$type<GitContext>(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('check_variant').on(table.graphId, table.variant, table.createdAt)],
);
