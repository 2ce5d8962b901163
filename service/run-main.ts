import { createLog, type Log, type LogLevel } from './logs.ts';
import { type Drainable, type Running, run } from './run.ts';

export interface MainOptions<Config> {
  /** Names it in the log. */
  readonly service: string;
  readonly usage: string;
  /** What arguments, files and environment say. @throws what is wrong with them, in words */
  readonly read: () => Config | 'help';
  readonly start: (config: Config, log: Log) => Promise<Running | Drainable>;
}

/** A service as a process with arguments: tells its usage when it is asked for it, or when they are wrong (status 1); else runs until it is told to stop. */
export async function runMain<
  Config extends { readonly log: { readonly level: LogLevel }; readonly shutdownTimeoutMs: number },
>({ service, usage, read, start }: MainOptions<Config>): Promise<void> {
  let config: Config | 'help';
  try {
    config = read();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`\n${usage}`);
    process.exit(1);
  }
  if (config === 'help') return console.log(usage);
  const chosen = config;
  const log = createLog(service, chosen.log.level);
  await run(() => start(chosen, log), { log, shutdownTimeoutMs: () => chosen.shutdownTimeoutMs });
}
