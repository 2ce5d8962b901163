import { LOAD_CORE, type RunningProcess, startPinned } from './process.ts';

/** Processes on the load core beside those of a session. */
export interface Services {
  /** Starts a file of this folder that says where it listens; resolves with `HOST:PORT`. */
  start(file: string, ...args: readonly string[]): Promise<string>;
  /** Ends all of them. */
  close(): Promise<void>;
}

export function startServices(): Services {
  const started: RunningProcess[] = [];
  return {
    start: async (file, ...args) => {
      const command = ['node', `test/bench/${file}`, ...args];
      const service = await startPinned(LOAD_CORE, { command, address: /listening (\d+)/ });
      started.push(service);
      return `127.0.0.1:${service.url}`;
    },
    close: async () => {
      for (const service of started) await service.close();
    },
  };
}
