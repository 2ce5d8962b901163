import { setTimeout } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import type { Query } from './query.ts';

/**
 * What one registry process tells the others: what has changed, not how; they look. Only what gateways do now is told itself,
 * because nobody keeps it.
 */
export type Notice =
  | { readonly kind: 'variant'; readonly graphId: string; readonly variant: string }
  | { readonly kind: 'graph'; readonly graphId: string }
  | { readonly kind: 'key'; readonly id: string }
  | { readonly kind: 'live'; readonly from: string; readonly report: unknown };

const CHANNEL = 'tributary_registry';

/** Within a transaction: it is told when that is committed, and only then. Its JSON has less than 8,000 bytes. */
export async function notify(query: Query, notice: Notice): Promise<void> {
  await query.execute(sql`select pg_notify(${CHANNEL}, ${JSON.stringify(notice)})`);
}

export interface ListenOptions {
  readonly url: string;
  readonly log: Log;
  readonly onNotice: (notice: Notice) => void;
  /** Each time that it begins to listen: what was told before was not heard. */
  readonly onListening: () => void;
  /** How often the connection is tried, in milliseconds: one that broke without a word is noticed so. */
  readonly heartbeatMs?: number;
}

const LONGEST_PAUSE_MS = 5_000;

/**
 * Listens to the other processes on a connection of its own, and connects again by itself, for ever. Not for the embedded
 * Postgres: it has one session and one process.
 */
export function listenForNotices({ url, log, onNotice, onListening, heartbeatMs = 5_000 }: ListenOptions): Running {
  let isClosed = false;
  let failures = 0;
  /** Aborted when the connection is over, or nobody wants to listen any more. */
  let over = new AbortController();

  /** Returns when the connection is over. @throws what ended it */
  async function listen(): Promise<void> {
    const client = new Client({
      connectionString: url,
      application_name: 'tributary-registry-notices',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    const { signal } = over;
    client.on('error', (error) => over.abort(error));
    client.on('end', () => over.abort(new Error('The connection ended.')));
    client.on('notification', ({ payload }) => {
      const notice = readNotice(payload);
      if (notice !== undefined) onNotice(notice);
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      if (failures > 0) log.info('listening again to other registry processes');
      failures = 0;
      onListening();
      for (;;) {
        await setTimeout(heartbeatMs, undefined, { signal });
        await client.query('select 1');
      }
    } finally {
      // A connection that broke without a word answers no good-bye.
      await Promise.race([client.end().catch(() => undefined), setTimeout(1_000, undefined, { ref: false })]);
    }
  }

  async function keepListening(): Promise<void> {
    while (!isClosed) {
      try {
        await listen();
      } catch (error) {
        if (isClosed) return;
        over = new AbortController();
        failures++;
        if (failures === 1) log.warn({ err: error }, 'does not hear other registry processes until Postgres is back');
        const pause = Math.min(50 * 2 ** failures, LONGEST_PAUSE_MS);
        await setTimeout(pause, undefined, { signal: over.signal }).catch(() => undefined);
      }
    }
  }

  const listening = keepListening();
  return {
    close: async () => {
      isClosed = true;
      over.abort();
      await listening;
    },
  };
}

function readNotice(payload: string | undefined): Notice | undefined {
  try {
    const value = JSON.parse(payload ?? '') as Partial<Record<string, unknown>> | null;
    const { kind, graphId, variant, id, from, report } = value ?? {};
    if (kind === 'variant' && typeof graphId === 'string' && typeof variant === 'string')
      return { kind, graphId, variant };
    if (kind === 'graph' && typeof graphId === 'string') return { kind, graphId };
    if (kind === 'key' && typeof id === 'string') return { kind, id };
    if (kind === 'live' && typeof from === 'string') return { kind, from, report };
  } catch {
    // Somebody else's.
  }
  return undefined;
}
