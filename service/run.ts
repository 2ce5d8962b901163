import cluster from 'node:cluster';
import type { Log } from './logs.ts';

/** Something started that can be stopped: it takes nothing new, ends what it has begun, and frees what it holds. */
export interface Running {
  close(): Promise<void>;
}

/** Something that clients come to. */
export interface Drainable extends Running {
  /** Sends clients away with their next answers, before it is closed: who finds a connection closed may have lost what it just sent. */
  drain(): Promise<void>;
}

export interface RunOptions {
  readonly log: Log;
  /** How long stopping may take before the process ends anyway, with status 1. In milliseconds, asked for when stopping begins. */
  readonly shutdownTimeoutMs: () => number;
  /** Whether a person looks on: a failed start is then told in plain words instead of a log line. */
  readonly isInteractive?: boolean;
}

/**
 * Starts an application and keeps it until SIGTERM or SIGINT, then closes it within a deadline. A second signal ends the
 * process at once, and so does one that comes while it starts: a start may wait for others for ever. A start that fails is logged as one sentence and ends the process with status 1.
 */
export async function run(
  start: () => Promise<Running | Drainable>,
  { log, shutdownTimeoutMs, isInteractive = process.stdout.isTTY === true }: RunOptions,
): Promise<void> {
  let running: Running | Drainable | undefined;
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (running === undefined) {
      process.off(signal, stop);
      process.kill(process.pid, signal);
      return;
    }
    // One of several processes may be told by a terminal or a supervisor and by the one that started it.
    if (stopping && cluster.isWorker) return;
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    const limit = shutdownTimeoutMs();
    const late = setTimeout(() => {
      log.error({ shutdownTimeoutMs: limit }, 'did not stop in time; ending anyway');
      process.exit(1);
    }, limit);
    try {
      if ('drain' in running) await running.drain();
      await running.close();
      log.info('stopped');
      clearTimeout(late);
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'failed while stopping');
      process.exit(1);
    }
  };
  // Before it says that it serves: whoever stops it upon that is heard.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    running = await start();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isInteractive) console.error(`\nIt did not start. ${message}\n`);
    else log.fatal({ err: error }, message);
    process.exit(1);
  }
}

/**
 * Collects what an application starts, and closes it in reverse order. If starting fails half-way, the caller closes
 * what is there already: `try { … } catch (error) { await stack.close(); throw error; }`.
 */
export class ClosingStack implements Running {
  readonly #entries: { name: string; close: () => Promise<void> | void }[] = [];

  /** Remembers `value` and returns it. */
  add<Value extends { close(): Promise<void> | void }>(name: string, value: Value): Value {
    this.#entries.push({ name, close: () => value.close() });
    return value;
  }

  /** Closes everything, last first, also when one of them fails. @throws {AggregateError} of all failures */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let entry = this.#entries.pop(); entry !== undefined; entry = this.#entries.pop()) {
      try {
        await entry.close();
      } catch (error) {
        failures.push(new Error(`${entry.name} did not close`, { cause: error }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything closed');
  }
}
