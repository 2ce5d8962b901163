import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { startWorker, type Worker } from './worker.ts';

export interface WorkersOptions {
  readonly count: number;
  readonly restartDelayMs: number;
  readonly startTimeoutMs: number;
  /** How long one may take to stop, in milliseconds. */
  readonly stopTimeoutMs: number;
  readonly log: Log;
}

/** The processes that serve one port. */
export interface Workers extends Running {
  /** Those that serve now. */
  serving(): readonly Worker[];
  readonly count: number;
  /** Puts a new process in the place of each, one after the other: a new one serves before an old one stops. @returns whether all were replaced */
  roll(): Promise<boolean>;
}

const LONGEST_DELAY_MS = 30_000;
/** Who has lived so long is not said to end again and again. */
const LONG_LIFE_MS = 60_000;

/** Starts them. @throws when none of them serves */
export async function openWorkers(options: WorkersOptions): Promise<Workers> {
  const { count, restartDelayMs, startTimeoutMs, stopTimeoutMs, log } = options;
  const all = new Set<Worker>();
  /** Those whose end was asked for. */
  const leaving = new WeakSet<Worker>();
  const timers = new Set<NodeJS.Timeout>();
  let delayMs = restartDelayMs;
  let isClosing = false;
  let rolling: Promise<boolean> | undefined;

  function start(): Worker {
    const worker = startWorker();
    const begun = performance.now();
    all.add(worker);
    worker.ended.then((how) => {
      all.delete(worker);
      if (isClosing || leaving.has(worker)) return;
      if (performance.now() - begun > LONG_LIFE_MS) delayMs = restartDelayMs;
      log.error({ worker: worker.processId, how, againInMs: delayMs }, 'a worker has ended by itself');
      const timer = setTimeout(() => {
        timers.delete(timer);
        start();
      }, delayMs);
      timers.add(timer);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    });
    return worker;
  }

  /** It answers what it has begun; who does not end in time is ended. */
  async function stop(worker: Worker): Promise<void> {
    leaving.add(worker);
    worker.kill('SIGTERM');
    const late = setTimeout(() => worker.kill('SIGKILL'), stopTimeoutMs);
    await worker.ended;
    clearTimeout(late);
  }

  async function rollAll(): Promise<boolean> {
    for (const old of [...all]) {
      if (isClosing) return false;
      // It has ended by itself, and comes again by itself.
      if (!all.has(old)) continue;
      const next = start();
      // As long as it does not serve, nothing takes its place.
      leaving.add(next);
      const late = setTimeout(() => next.kill('SIGKILL'), startTimeoutMs);
      const isServing = await next.started;
      clearTimeout(late);
      if (!isServing) {
        log.error('a new worker does not serve; the others stay as they are');
        return false;
      }
      leaving.delete(next);
      await stop(old);
    }
    log.info({ workers: all.size }, 'all workers were replaced');
    return true;
  }

  const first = Array.from({ length: count }, start);
  const isAnyServing = (await Promise.all(first.map(({ started }) => started))).includes(true);
  if (!isAnyServing) {
    isClosing = true;
    for (const timer of timers) clearTimeout(timer);
    await Promise.all([...all].map(stop));
    throw new Error('no worker serves; what each of them says is above');
  }

  return {
    count,
    serving: () => [...all].filter((worker) => worker.ready() !== undefined && !leaving.has(worker)),
    roll: () => {
      rolling ??= rollAll().finally(() => {
        rolling = undefined;
      });
      return rolling;
    },
    close: async () => {
      isClosing = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([...all].map(stop));
    },
  };
}
