import { createFairQueue } from './fair-queue.ts';
import type { PlannerBounds } from './planner.ts';
import type { PlannerTask, TaskResults, ThreadRole, TransferredFacts } from './planner-messages.ts';
import { type PlannerThread, startPlannerThread } from './planner-thread.ts';
import { PlanningRefusal } from './planning-refusal.ts';

/** The threads of one supergraph, and what waits for them. */
export interface PlannerThreads {
  /** Settles when the first thread can be given tasks. @throws {Error} in the planner's words when the supergraph cannot be planned on */
  readonly ready: Promise<TransferredFacts>;
  /** Has a task done when it is this client's turn. */
  order<Task extends PlannerTask>(task: Task, client: string): Work<TaskResults[Task['kind']]>;
  /** Ends the threads. What still waits is refused. */
  close(): Promise<void>;
}

/** Something that is being done, or waits for its turn. */
export interface Work<Result> {
  /** Rejects with a `PlanningRefusal`, or with an error of the planner. */
  readonly result: Promise<Result>;
  /** Another client wants it too: it is done when the first of them has its turn. */
  join(client: string): void;
}

export interface PlanningOptions extends PlannerBounds {
  readonly threads: number;
  /** How much may wait. */
  readonly queueLength: number;
  /** How long it may, in milliseconds. */
  readonly queueTimeoutMs: number;
  /** How long one task may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Most memory of a thread's long-lived objects, in megabytes. */
  readonly heapMb: number;
}

interface Waiting {
  readonly task: PlannerTask;
  /** In whose lines it stands. */
  readonly clients: Set<string>;
  hasBegun: boolean;
  /** Ends its waiting. */
  readonly patience: NodeJS.Timeout;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Starts the threads. One that a task keeps too long is ended with it, and another takes its place. */
export function startPlannerThreads(
  supergraphSdl: string,
  { threads: count, queueLength, queueTimeoutMs, timeoutMs, heapMb, maxEvaluatedPlans, maxPaths }: PlanningOptions,
): PlannerThreads {
  const queue = createFairQueue<Waiting>(queueLength);
  const threads = new Set<PlannerThread>();
  const idle = new Set<PlannerThread>();
  let isClosed = false;

  function start(role: ThreadRole): PlannerThread {
    const bounds = { maxEvaluatedPlans, maxPaths };
    const thread = startPlannerThread({ supergraphSdl, bounds, role, heapMb });
    threads.add(thread);
    thread.ready.then(
      () => {
        idle.add(thread);
        next();
      },
      (error: unknown) => {
        threads.delete(thread);
        // Nobody is left to do what waits. The next who comes has a thread started again.
        if (threads.size === 0) refuseAll(error);
      },
    );
    return thread;
  }

  function next(): void {
    for (const thread of idle) {
      if (thread.hasEnded) {
        replace(thread);
        continue;
      }
      const waiting = takeFromQueue();
      if (waiting === undefined) return;
      idle.delete(thread);
      void run(thread, waiting);
    }
  }

  function takeFromQueue(): Waiting | undefined {
    for (;;) {
      const waiting = queue.take();
      // What several clients want stands in the line of each.
      if (waiting === undefined || !waiting.hasBegun) return waiting;
    }
  }

  async function run(thread: PlannerThread, waiting: Waiting): Promise<void> {
    waiting.hasBegun = true;
    clearTimeout(waiting.patience);
    try {
      waiting.resolve(await thread.run(waiting.task, timeoutMs));
    } catch (error) {
      waiting.reject(error);
    }
    if (isClosed) return;
    if (thread.hasEnded) return replace(thread);
    idle.add(thread);
    next();
  }

  function replace(thread: PlannerThread): void {
    idle.delete(thread);
    threads.delete(thread);
    start('further');
  }

  function enqueue(client: string, waiting: Waiting): void {
    waiting.clients.add(client);
    const dropped = queue.add(client, waiting);
    if (dropped === undefined) return;
    const { item } = dropped;
    item.clients.delete(dropped.client);
    if (item.clients.size === 0 && !item.hasBegun)
      refuse(item, new PlanningRefusal('queue full', { bound: queueLength }));
  }

  /** Also those who joined later: the next who asks begins anew. */
  function giveUp(waiting: Waiting): void {
    for (const client of waiting.clients) queue.remove(client, waiting);
    refuse(waiting, new PlanningRefusal('waited too long', { bound: queueTimeoutMs }));
  }

  function refuse(waiting: Waiting, reason: unknown): void {
    waiting.hasBegun = true;
    clearTimeout(waiting.patience);
    waiting.reject(reason);
  }

  function refuseAll(reason: unknown): void {
    for (let waiting = takeFromQueue(); waiting !== undefined; waiting = takeFromQueue()) refuse(waiting, reason);
  }

  const first = start('first');
  for (let number = 1; number < count; number++) start('further');

  return {
    ready: first.ready.then((told) => {
      if (told === undefined) throw new TypeError('the first thread tells nothing of its supergraph');
      return told;
    }),
    order: <Task extends PlannerTask>(task: Task, client: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<TaskResults[Task['kind']]>();
      const waiting: Waiting = {
        task,
        clients: new Set(),
        hasBegun: false,
        patience: setTimeout(() => giveUp(waiting), queueTimeoutMs),
        resolve: (result) => resolve(result as TaskResults[Task['kind']]),
        reject,
      };
      if (isClosed) {
        refuse(waiting, new PlanningRefusal('closed'));
      } else {
        enqueue(client, waiting);
        if (threads.size === 0) start('further');
        next();
      }
      return {
        result: promise,
        join: (other) => {
          if (!waiting.hasBegun && !waiting.clients.has(other)) enqueue(other, waiting);
        },
      };
    },
    close: async () => {
      isClosed = true;
      refuseAll(new PlanningRefusal('closed'));
      await Promise.all([...threads].map((thread) => thread.close()));
    },
  };
}
