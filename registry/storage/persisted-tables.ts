import { boolean, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './column.ts';
import { graph, registry } from './graph-tables.ts';

export const persistedQueryList = registry.table('persisted_query_list', {
  id: uuid('id').primaryKey().defaultRandom(),
  graphId: text('graph_id')
    .notNull()
    .references(() => graph.id, { onDelete: 'cascade' }),
  name: text('name').notNull(),
  /** The variants that serve it. */
  variants: text('variants').array().notNull(),
  revision: integer('revision').notNull().default(0),
  createdAt: instant('created_at').notNull(),
});

export const persistedOperation = registry.table(
  'persisted_operation',
  {
    listId: uuid('list_id')
      .notNull()
      .references(() => persistedQueryList.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    /** Empty for one of any client. */
    clientName: text('client_name').notNull(),
    name: text('name').notNull(),
    type: text('type', { enum: ['QUERY', 'MUTATION', 'SUBSCRIPTION'] }).notNull(),
    body: text('body').notNull(),
    /** Cleared, it is not served. A manifest adds and clears none: clients that were built with an earlier one are still out there. */
    isActive: boolean('is_active').notNull().default(true),
  },
  (table) => [primaryKey({ columns: [table.listId, table.id, table.clientName] })],
);
