import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { AnyPgColumn, AnyPgTable } from 'drizzle-orm/pg-core';
import type { Database } from './database.ts';
import type { Events } from './events.ts';
import type { Log } from './logs.ts';
import type { Running } from './run.ts';

/** The columns of an outbox: a service writes a row in the transaction of the change that it tells of. */
export type OutboxTable = AnyPgTable & {
  /** `bigserial`: the order in which events are told. */
  readonly position: AnyPgColumn<{ data: number; notNull: true }>;
  readonly id: AnyPgColumn<{ data: string; notNull: true }>;
  readonly type: AnyPgColumn<{ data: string; notNull: true }>;
  readonly data: AnyPgColumn<{ data: unknown; notNull: true }>;
  readonly occurredAt: AnyPgColumn<{ data: Date; notNull: true }>;
  /** Until when a relay has the row in hand; null when none has. */
  readonly claimedUntil: AnyPgColumn<{ data: Date }>;
};

export interface OutboxRelay extends Running {
  /** There is something new: look now, not at the next poll. */
  nudge(): void;
}

export interface OutboxOptions {
  readonly database: Database;
  readonly table: OutboxTable;
  /** Names the lock by which replicas take turns: the service's name. */
  readonly service: string;
  readonly events: Events;
  readonly log: Log;
  /** How often to look without being nudged: for rows of a replica that died. In milliseconds. */
  readonly pollIntervalMs?: number;
  /** How long a batch may be in hand before another replica takes it over. In milliseconds. */
  readonly leaseMs?: number;
  /** For the age of a lease, in milliseconds. */
  readonly now?: () => number;
}

const BATCH = 50;
const LONGEST_PAUSE_MS = 30_000;
/** Of a lease: one event may take half of it (5 s of 10), and the lease must outlive it. */
const RENEW_AFTER = 0.25;

interface OutboxRow {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly occurredAt: Date;
}

/**
 * Tells the events of an outbox, in order and at least once (the transactional outbox pattern): a row is claimed, published,
 * then deleted. No transaction is open while publishing, because the embedded Postgres has one session: a subscriber in this
 * process that writes would wait for ever. One replica at a time has a batch in hand, and keeps its lease on it, so that the
 * order holds; one that dies with it is replaced after `leaseMs`, and what it had published already is told again.
 */
export function relayOutbox(options: OutboxOptions): OutboxRelay {
  const {
    database,
    table,
    service,
    events,
    log,
    pollIntervalMs = 1_000,
    leaseMs = 10_000,
    now = () => performance.now(),
  } = options;
  const untilLeaseEnds = sql`now() + ${leaseMs} * interval '1 millisecond'`;
  let isClosed = false;
  let isNudged = false;
  let failures = 0;
  let wake: () => void = () => undefined;

  /** @returns whether there may be more */
  async function relayBatch(): Promise<boolean> {
    let claimedAt = now();
    const rows = await claim();
    // When the lease is over, another replica may have taken over what was in hand.
    const isOurs = () => now() - claimedAt < leaseMs;
    for (const [index, row] of rows.entries()) {
      if (!isOurs()) return true;
      if (now() - claimedAt >= leaseMs * RENEW_AFTER) {
        claimedAt = now();
        await setClaim(database.query, rows.slice(index), untilLeaseEnds);
      }
      try {
        await events.publish({ id: row.id, type: row.type, occurredAt: row.occurredAt.toISOString(), data: row.data });
      } catch (error) {
        if (isOurs()) await giveBack(rows.slice(index));
        throw error;
      }
      await database.query.delete(table).where(eq(table.position, row.position));
      if (isClosed) {
        if (isOurs()) await giveBack(rows.slice(index + 1));
        return false;
      }
    }
    return rows.length === BATCH;
  }

  function claim(): Promise<OutboxRow[]> {
    return database.query.transaction(async (transaction) => {
      const lock = await transaction.execute(
        sql`select pg_try_advisory_xact_lock(hashtext(${`tributary:outbox:${service}`})) as taken`,
      );
      if (lock.rows[0]?.taken !== true) return [];
      const held = await transaction
        .select({ position: table.position })
        .from(table)
        .where(gt(table.claimedUntil, sql`now()`))
        .limit(1);
      if (held.length > 0) return [];
      const rows = await transaction
        .select({
          position: table.position,
          id: table.id,
          type: table.type,
          data: table.data,
          occurredAt: table.occurredAt,
        })
        .from(table)
        .orderBy(asc(table.position))
        .limit(BATCH);
      if (rows.length > 0) await setClaim(transaction, rows, untilLeaseEnds);
      return rows as OutboxRow[];
    });
  }

  function giveBack(rows: readonly OutboxRow[]): Promise<void> {
    return rows.length === 0 ? Promise.resolve() : setClaim(database.query, rows, sql`null`);
  }

  async function setClaim(
    query: Pick<Database['query'], 'execute'>,
    rows: readonly OutboxRow[],
    until: ReturnType<typeof sql>,
  ): Promise<void> {
    const positions = rows.map(({ position }) => position);
    await query.execute(
      sql`update ${table} set claimed_until = ${until} where ${and(inArray(table.position, positions))}`,
    );
  }

  async function keepRelaying(): Promise<void> {
    while (!isClosed) {
      isNudged = false;
      try {
        while ((await relayBatch()) && !isClosed);
        failures = 0;
      } catch (error) {
        failures++;
        log.warn({ err: error, failures }, `events of ${service} wait in the outbox`);
      }
      if (!isNudged && !isClosed)
        await pause(failures === 0 ? pollIntervalMs : Math.min(pollIntervalMs * 2 ** failures, LONGEST_PAUSE_MS));
    }
  }

  function pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const relaying = keepRelaying();
  return {
    nudge() {
      isNudged = true;
      wake();
    },
    async close() {
      isClosed = true;
      wake();
      await relaying;
    },
  };
}
