import type { Running } from '../../service/run.ts';
import type { Endpoint } from './address.ts';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';
import type { Received, Reply } from './response-reader.ts';

/** One request, and who waits for what comes of it. */
export interface Exchange {
  readonly request: string | Buffer;
  readonly encoding: 'latin1' | 'utf8';
  readonly onReply: (reply: Reply) => void;
  /** @param wasSent whether the request may have arrived */
  readonly onError: (error: Error, wasSent: boolean) => void;
}

/**
 * The connections to one address: kept while they are used, as many as are needed and no more than are allowed. Requests for
 * which there is none wait in line.
 */
export interface Pool extends Running {
  /**
   * @returns ends it when nobody waits for it any more: it is taken out of the line, or its connection closed; tells whether the request may
   * have arrived
   */
  send(exchange: Exchange): () => boolean;
}

export interface PoolOptions extends ConnectionOptions {
  /** Most connections. */
  readonly connections: number;
}

/** An idle connection is closed so long before its server would: a request must not meet its end. In milliseconds. */
const MARGIN_MS = 1_000;
/** How long an idle connection is kept to a server that does not say how long it keeps it, and at most. In milliseconds. */
const KEPT_MS = 4_000;
const LONGEST_KEPT_MS = 600_000;
const SWEEP_MS = 1_000;

/** An exchange with the connection that it got. */
interface Turn {
  readonly exchange: Exchange;
  connection: Connection | undefined;
}

/** Opens nothing before it is needed. Closing it lets everything that was sent be answered first. */
export function createPool(endpoint: Endpoint, options: PoolOptions): Pool {
  const all = new Set<Connection>();
  const connecting = new Set<Connection>();
  /** The last one is taken first, so that those no longer needed grow old. `until` by `performance.now()`. */
  const idle: { readonly connection: Connection; readonly until: number }[] = [];
  const waiting = new Set<Turn>();
  let sweeping: NodeJS.Timeout | undefined;
  let isClosed = false;
  let onEmpty: (() => void) | undefined;

  function openWhereNeeded(): void {
    while (connecting.size < waiting.size && all.size < options.connections) open();
  }

  function open(): void {
    const connection = openConnection(endpoint, options, {
      onOpen: () => {
        connecting.delete(connection);
        offer(connection, KEPT_MS);
      },
      onClose: (error) => {
        all.delete(connection);
        if (connecting.delete(connection)) {
          // Those that are open serve the others in line; where there is none, nobody would.
          if (all.size === 0) failAll(error);
        } else {
          const index = idle.findIndex((one) => one.connection === connection);
          if (index !== -1) idle.splice(index, 1);
          openWhereNeeded();
        }
        if (all.size === 0) onEmpty?.();
      },
    });
    all.add(connection);
    connecting.add(connection);
  }

  /** Gives a connection that can be asked to whoever waits longest. */
  function offer(connection: Connection, keptMs: number): void {
    if (!connection.isUsable()) {
      openWhereNeeded();
      return;
    }
    const [next] = waiting;
    if (next !== undefined) {
      waiting.delete(next);
      ask(connection, next);
    } else if (isClosed || keptMs <= 0) connection.destroy();
    else {
      idle.push({ connection, until: performance.now() + keptMs });
      sweeping ??= setTimeout(sweep, SWEEP_MS).unref();
    }
  }

  function ask(connection: Connection, turn: Turn): void {
    turn.connection = connection;
    const { request, encoding, onReply, onError } = turn.exchange;
    connection.ask(request, encoding, (error, received) => {
      turn.connection = undefined;
      if (received === undefined) return onError(error ?? new Error('no answer'), true);
      if (received.isLast) connection.destroy();
      else offer(connection, keptMsOf(received));
      onReply(received.reply);
    });
  }

  function takeIdle(): Connection | undefined {
    for (let one = idle.pop(); one !== undefined; one = idle.pop()) {
      if (one.until > performance.now() && one.connection.isUsable()) return one.connection;
      one.connection.destroy();
    }
    return undefined;
  }

  function sweep(): void {
    const now = performance.now();
    const old = idle.filter(({ until }) => until <= now);
    for (const { connection } of old) connection.destroy();
    sweeping = idle.length > old.length ? setTimeout(sweep, SWEEP_MS).unref() : undefined;
  }

  function failAll(error: Error): void {
    const turns = [...waiting];
    waiting.clear();
    for (const { exchange } of turns) exchange.onError(error, false);
  }

  return {
    send: (exchange) => {
      const turn: Turn = { exchange, connection: undefined };
      const connection = takeIdle();
      if (connection !== undefined) ask(connection, turn);
      else {
        waiting.add(turn);
        openWhereNeeded();
      }
      return () => {
        if (waiting.delete(turn)) return false;
        turn.connection?.destroy();
        return true;
      };
    },
    close: async () => {
      isClosed = true;
      clearTimeout(sweeping);
      for (const { connection } of idle.splice(0)) connection.destroy();
      if (all.size > 0)
        await new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
    },
  };
}

function keptMsOf({ keepAliveSeconds }: Received): number {
  return keepAliveSeconds === undefined ? KEPT_MS : Math.min(keepAliveSeconds * 1_000 - MARGIN_MS, LONGEST_KEPT_MS);
}
