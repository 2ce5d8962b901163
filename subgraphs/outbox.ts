import { randomUUID } from 'node:crypto';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { bigserial, jsonb, type PgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { INVALIDATED, type Invalidation } from '../service/invalidation.ts';

/** The table of events that a service has to tell. */
export type Outbox = ReturnType<typeof createOutbox>;

/** Events of changes that are made, written with them in one transaction; `service/outbox.ts` relays them. */
export function createOutbox(schema: PgSchema) {
  return schema.table('outbox', {
    position: bigserial('position', { mode: 'number' }).primaryKey(),
    id: uuid('id').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').notNull(),
    occurredAt: timestamp('occurred_at', { withTimezone: true, precision: 3 }).notNull(),
    /** Until when a relay has it in hand. */
    claimedUntil: timestamp('claimed_until', { withTimezone: true, precision: 3 }),
  });
}

/**
 * Tells all caches, once the transaction is committed, that a change voids what they keep. Written before the other events of the
 * change: it waits for nobody who follows those.
 */
export async function writeInvalidations(
  transaction: Pick<NodePgDatabase, 'insert'>,
  outbox: Outbox,
  invalidations: readonly Invalidation[],
  occurredAt: Date,
): Promise<void> {
  if (invalidations.length === 0) return;
  await transaction.insert(outbox).values({ id: randomUUID(), type: INVALIDATED, data: { invalidations }, occurredAt });
}
