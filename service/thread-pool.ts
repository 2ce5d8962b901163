import { Worker } from 'node:worker_threads';
import type { Running } from './run.ts';

/** Threads that do one kind of work, at most so many at a time; the rest waits in order. */
export interface ThreadPool<Task, Result> extends Running {
  /** @throws {ThreadPoolRefusal}, or what the task itself throws (its message alone crosses from the thread) */
  run(task: Task): Promise<Result>;
}

export interface ThreadPoolOptions {
  /** A module that calls `answerTasks`. */
  readonly worker: URL;
  readonly threads: number;
  /** How long a thread may take for one task, in milliseconds; then it is ended with it. */
  readonly timeoutMs: number;
  /** How many tasks may wait. */
  readonly queueLength: number;
  /** Most memory of a thread's long-lived objects, in megabytes; without it, what Node allows. */
  readonly heapMb?: number;
  /** Most memory of a thread's short-lived objects, in megabytes: the more, the less often they are collected. */
  readonly youngMb?: number;
  /** After how long without work a thread is ended: what it left in memory goes with it. In milliseconds. */
  readonly idleMs?: number;
}

/** Why a task has no result. */
export type ThreadPoolFault = 'queue full' | 'timeout' | 'thread ended' | 'closed';

/** A task that was not done, through no fault of what it was about. */
export class ThreadPoolRefusal extends Error {
  override readonly name = 'ThreadPoolRefusal';
  readonly fault: ThreadPoolFault;

  constructor(fault: ThreadPoolFault, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.fault = fault;
  }
}

/** What a thread answers. */
export type ThreadAnswer = { readonly result: unknown } | { readonly error: string };

interface Order {
  readonly task: unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Starts no thread yet: each is started when there is work for it. */
export function createThreadPool<Task, Result>(options: ThreadPoolOptions): ThreadPool<Task, Result> {
  const { worker: source, threads, timeoutMs, queueLength, heapMb, youngMb, idleMs = 30_000 } = options;
  const waiting: Order[] = [];
  const idle = new Map<Worker, NodeJS.Timeout>();
  const busy = new Map<Worker, (error: ThreadPoolRefusal) => void>();
  let isClosed = false;

  function next(): void {
    while (waiting.length > 0 && (idle.size > 0 || busy.size < threads)) {
      const order = waiting.shift();
      if (order !== undefined) void give(takeThread(), order);
    }
  }

  function takeThread(): Worker {
    const [entry] = idle;
    if (entry === undefined) return startThread();
    const [thread, timer] = entry;
    idle.delete(thread);
    clearTimeout(timer);
    thread.ref();
    return thread;
  }

  function startThread(): Worker {
    const thread = new Worker(source, {
      resourceLimits: {
        ...(heapMb !== undefined && { maxOldGenerationSizeMb: heapMb }),
        ...(youngMb !== undefined && { maxYoungGenerationSizeMb: youngMb }),
      },
    });
    // What ends a thread is told to whoever waits for it; unheard, its error would end this process too.
    thread.on('error', () => undefined);
    thread.on('exit', () => drop(thread));
    return thread;
  }

  async function give(thread: Worker, order: Order): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<ThreadAnswer>();
    const end = (error: ThreadPoolRefusal) => reject(error);
    const onEnd = (cause?: unknown) =>
      end(
        new ThreadPoolRefusal(
          'thread ended',
          `The thread has ended without a result${cause instanceof Error ? `: ${cause.message}` : '.'}`,
          { cause },
        ),
      );
    busy.set(thread, end);
    thread.once('message', resolve).once('error', onEnd).once('exit', onEnd);
    const timer = setTimeout(
      () => end(new ThreadPoolRefusal('timeout', `It took longer than ${timeoutMs} ms.`)),
      timeoutMs,
    );
    thread.postMessage(order.task);
    try {
      const answer = await promise;
      keep(thread);
      if ('result' in answer) order.resolve(answer.result);
      else order.reject(new Error(answer.error));
    } catch (error) {
      void thread.terminate();
      order.reject(error);
    } finally {
      clearTimeout(timer);
      thread.off('message', resolve).off('error', onEnd).off('exit', onEnd);
      busy.delete(thread);
      if (!isClosed) next();
    }
  }

  function keep(thread: Worker): void {
    if (isClosed) return void thread.terminate();
    thread.unref();
    idle.set(thread, setTimeout(() => drop(thread), idleMs).unref());
  }

  function drop(thread: Worker): void {
    if (!idle.has(thread)) return;
    clearTimeout(idle.get(thread));
    idle.delete(thread);
    void thread.terminate();
  }

  return {
    run(task) {
      return new Promise<Result>((resolve, reject) => {
        if (isClosed) return reject(new ThreadPoolRefusal('closed', 'It is being stopped.'));
        if (waiting.length >= queueLength && busy.size >= threads)
          return reject(new ThreadPoolRefusal('queue full', `${queueLength} wait already.`));
        waiting.push({ task, resolve: resolve as (result: unknown) => void, reject });
        next();
      });
    },
    async close() {
      isClosed = true;
      const closed = () => new ThreadPoolRefusal('closed', 'It is being stopped.');
      for (const order of waiting.splice(0)) order.reject(closed());
      for (const end of busy.values()) end(closed());
      const threadsLeft = [...idle.keys(), ...busy.keys()];
      for (const timer of idle.values()) clearTimeout(timer);
      idle.clear();
      await Promise.all(threadsLeft.map((thread) => thread.terminate()));
    },
  };
}
