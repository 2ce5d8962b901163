import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type {
  PlannerMessage,
  PlannerReply,
  PlannerTask,
  PlannerWorkerData,
  TaskResults,
  TransferredFacts,
} from './planner-messages.ts';
import { PlanningRefusal } from './planning-refusal.ts';

/** One worker thread with one supergraph. It does one task at a time, and does not outlive one that goes wrong. */
export interface PlannerThread {
  /** Settles when it can be given tasks. @throws {Error} in the planner's words when the supergraph cannot be planned on */
  readonly ready: Promise<TransferredFacts | undefined>;
  /** Whether it has ended, or is about to. */
  readonly hasEnded: boolean;
  /**
   * @param timeoutMs how long the thread may compute, in milliseconds: on a machine that is busy with other things it takes longer
   * @throws {PlanningRefusal} `too slow`, `too large`, `too many choices`, `closed`
   */
  run<Task extends PlannerTask>(task: Task, timeoutMs: number): Promise<TaskResults[Task['kind']]>;
  close(): Promise<void>;
}

export interface PlannerThreadOptions extends PlannerWorkerData {
  /** Most memory of the thread's long-lived objects, in megabytes; a thread that needs more is ended. */
  readonly heapMb: number;
}

/** How many times longer than it may compute a task may take in all. */
const MOST_WAITING = 10;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Starts a thread, which begins to build the supergraph. */
export function startPlannerThread({ heapMb, ...workerData }: PlannerThreadOptions): PlannerThread {
  const worker = new Worker(new URL('./planner-worker.ts', import.meta.url), {
    workerData,
    // A larger young generation, which is worth much in the main thread, makes planning no faster.
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let hasEnded = false;
  let waiting: Waiting | undefined;
  /** When the last task had ended. */
  let cpuMs = 0;

  const ready = new Promise<TransferredFacts | undefined>((resolve, reject) => {
    waiting = { resolve: (told) => resolve(told as TransferredFacts | undefined), reject };
  });
  // Told by whoever waits for it; nobody does for a thread that is closed while it starts.
  ready.catch(() => undefined);

  function settle(settled: (waiting: Waiting) => void): void {
    const current = waiting;
    waiting = undefined;
    if (current !== undefined) settled(current);
  }

  function end(reason: Error): Promise<void> {
    hasEnded = true;
    settle(({ reject }) => reject(reason));
    return worker.terminate().then(() => ended);
  }

  worker.on('message', (message: PlannerMessage) => {
    cpuMs = message.cpuMs;
    settle(({ resolve, reject }) => {
      switch (message.kind) {
        case 'ready':
          return resolve(message.told);
        case 'done':
          return resolve(message.result);
        case 'refused':
          return reject(toRefusal(message));
        case 'unusable':
          return reject(new Error(message.message));
        case 'failed': {
          const error = new Error(message.message);
          if (message.stack !== undefined) error.stack = message.stack;
          return reject(error);
        }
      }
    });
    if (message.kind === 'unusable') void end(new Error(message.message));
  });
  function toRefusal({ fault, message }: Extract<PlannerReply, { kind: 'refused' }>): PlanningRefusal {
    const bound = fault === 'too large' ? heapMb : workerData.bounds.maxPaths;
    return new PlanningRefusal(fault, { bound, cause: message });
  }

  /** How long the thread has computed, also while it does. One that cannot be asked counts as one that is stuck. */
  function computedMs(patienceMs: number): Promise<number> {
    const asked = worker.cpuUsage().then(
      ({ user, system }) => (user + system) / 1_000,
      () => Number.POSITIVE_INFINITY,
    );
    return Promise.race([asked, pause(patienceMs, Number.POSITIVE_INFINITY, { ref: false })]);
  }

  worker.on('error', (error: NodeJS.ErrnoException) => {
    const isOutOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    void end(isOutOfMemory ? new PlanningRefusal('too large', { bound: heapMb, cause: error }) : error);
  });
  worker.once('exit', (code) => void end(new Error(`a planner thread ended by itself, with code ${code}`)));

  return {
    ready,
    get hasEnded() {
      return hasEnded;
    },
    run: <Task extends PlannerTask>(task: Task, timeoutMs: number) => {
      if (hasEnded) return Promise.reject(new PlanningRefusal('closed'));
      if (waiting !== undefined) throw new TypeError('a planner thread does one task at a time');
      return new Promise<TaskResults[Task['kind']]>((resolve, reject) => {
        const began = performance.now();
        let timer = setTimeout(look, timeoutMs);
        const own: Waiting = {
          resolve: (result) => {
            clearTimeout(timer);
            resolve(result as TaskResults[Task['kind']]);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        };
        waiting = own;
        worker.postMessage(task);

        async function look(): Promise<void> {
          const total = await computedMs(timeoutMs);
          // The answer may have come meanwhile, when it was this thread that stood still.
          if (waiting !== own) return;
          const left = timeoutMs - (total - cpuMs);
          if (left > 0 && performance.now() - began < MOST_WAITING * timeoutMs) timer = setTimeout(look, left);
          else await end(new PlanningRefusal('too slow', { bound: timeoutMs }));
        }
      });
    },
    close: () => end(new PlanningRefusal('closed')),
  };
}
