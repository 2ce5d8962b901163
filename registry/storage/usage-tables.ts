import { bigint, bigserial, date, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './column.ts';
import { graph, registry } from './graph-tables.ts';

/** An operation that gateways have run: its text without literals, sent once. */
export const operation = registry.table(
  'operation',
  {
    graphId: text('graph_id')
      .notNull()
      .references(() => graph.id, { onDelete: 'cascade' }),
    /** SHA-256 of the normalised text, in hexadecimal. */
    hash: text('hash').notNull(),
    /** A small number that stands for it in `usage`. */
    id: bigserial('id', { mode: 'number' }).notNull().unique('operation_id'),
    name: text('name'),
    body: text('body').notNull(),
    /** Schema coordinates that it uses. */
    coordinates: text('coordinates').array().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.graphId, table.hash] })],
);

/** How often an operation ran, by client and day (UTC). */
export const usage = registry.table(
  'usage',
  {
    operationId: bigint('operation_id', { mode: 'number' })
      .notNull()
      .references(() => operation.id, { onDelete: 'cascade' }),
    variant: text('variant').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    /** Empty for a client that does not say. */
    clientName: text('client_name').notNull(),
    clientVersion: text('client_version').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.operationId, table.variant, table.day, table.clientName, table.clientVersion],
    }),
    index('usage_day').on(table.variant, table.day),
  ],
);

/** Which batches of usage were counted: one that is sent again is not counted again. */
export const usageReport = registry.table(
  'usage_report',
  {
    id: uuid('id').primaryKey(),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [index('usage_report_received_at').on(table.receivedAt)],
);

/** A gateway and the version that it says it runs. */
export const gateway = registry.table(
  'gateway',
  {
    graphId: text('graph_id').notNull(),
    variant: text('variant').notNull(),
    /** Drawn by the gateway when it starts. */
    instance: text('instance').notNull(),
    /** The id under which Uplink gave it the supergraph; none when it was not from here. */
    supergraphId: text('supergraph_id'),
    seenAt: instant('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.graphId, table.variant, table.instance] })],
);
