import cluster, { type Worker as ClusterWorker } from 'node:cluster';

/** What a process tells the one that started it, once it serves. */
export interface WorkerReady {
  readonly url: string;
  readonly adminUrl: string;
}

/** A process that serves, as the one that started it sees it. */
export interface Worker {
  readonly id: number;
  readonly processId: number;
  /** `undefined` until it serves. */
  ready(): WorkerReady | undefined;
  /** Resolves when it serves or has ended: whether it serves. */
  readonly started: Promise<boolean>;
  /** Resolves when it has ended, with its exit status or the signal that ended it. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a process like this one. */
export function startWorker(): Worker {
  const worker: ClusterWorker = cluster.fork();
  let ready: WorkerReady | undefined;
  const ended = new Promise<number | string>((resolve) =>
    worker.once('exit', (status, signal) => resolve(signal ?? status)),
  );
  const started = new Promise<boolean>((resolve) => {
    worker.once('message', (message: WorkerReady) => {
      ready = message;
      resolve(true);
    });
    ended.then(() => resolve(false));
  });
  return {
    id: worker.id,
    processId: worker.process.pid ?? 0,
    ready: () => (worker.isDead() ? undefined : ready),
    started,
    ended,
    kill: (signal) => void worker.process.kill(signal),
  };
}

/** Tells the process that started this one that it serves. */
export function tellReady(ready: WorkerReady): void {
  process.send?.(ready);
}
