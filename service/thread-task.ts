import { parentPort } from 'node:worker_threads';
import type { ThreadAnswer } from './thread-pool.ts';
import { giveWayToOtherThreads } from './thread-priority.ts';

/** Makes this thread one of a `ThreadPool`: it answers tasks one by one, and gives way to the threads that serve requests. */
export function answerTasks<Task>(answer: (task: Task) => unknown): void {
  giveWayToOtherThreads();
  parentPort?.on('message', async (task: Task) => {
    let reply: ThreadAnswer;
    try {
      reply = { result: await answer(task) };
    } catch (error) {
      reply = { error: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(reply);
  });
}
