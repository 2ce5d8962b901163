import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Running } from '../../service/run.ts';
import { collectLines, type Lines } from './lines.ts';

/** A process of ours, started as a user would: as the scripts of `package.json` do. */
export interface TestProcess extends Running {
  readonly processId: number;
  readonly output: Lines;
  readonly exitCode: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** As `npm start` has it: a process takes a second to start instead of three. */
const PRELOADED = ['--max-semi-space-size=16', '--import', './service/compile-cache.js'];

/** Runs a source file with Node, or what another command is given, in the project's folder. `close` ends it if it still runs. */
export function startProcess(
  file: string,
  options: { command?: string; args?: readonly string[]; environment?: Record<string, string> } = {},
): TestProcess {
  const { command = process.execPath, args = [] } = options;
  const child = spawn(command, [...(command === process.execPath ? PRELOADED : []), file, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    processId: child.pid ?? 0,
    output: collectLines(child.stdout, child.stderr),
    exitCode,
    kill: (signal) => void child.kill(signal),
    close: async () => {
      child.kill('SIGKILL');
      await exitCode;
    },
  };
}
