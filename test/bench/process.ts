import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { atExit } from './at-exit.ts';

/** The core of the gateway, and the one of subgraphs and load. */
export const GATEWAY_CORE = '0';
export const LOAD_CORE = '1';
export const BOTH_CORES = '0,1';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a process is started and how it says where it listens. */
export interface Launch {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Working directory; the repository by default. */
  readonly directory?: string;
  /** Finds the address in its output; a second group is the address for operators. */
  readonly address: RegExp;
  /** What comes after it. */
  readonly path?: string;
  /** How long that may take, in milliseconds; 20 s by default. */
  readonly startLimitMs?: number;
  /** It has an IPC channel, and tells what it knows when it is asked. */
  readonly isTelling?: boolean;
}

/** What a process holds after a full garbage collection. */
export interface Inside {
  /** Of its main thread, in megabytes. */
  readonly heapMb: number;
  /** Outside that heap: buffers. */
  readonly externalMb: number;
  /** Of its worker threads together. */
  readonly plannerHeapMb: number;
  /** Of all maps and sets of its main thread together. */
  readonly mapEntries: number;
  readonly setEntries: number;
}

export interface RunningProcess {
  readonly url: string;
  /** For operators, where it has such an address. */
  readonly adminUrl: string | undefined;
  /** Processor time of all its threads, in milliseconds. */
  cpuMs(): number;
  /** Resident memory now and at its highest since `resetPeak`, in megabytes. */
  memoryMb(): number;
  peakMb(): number;
  resetPeak(): void;
  /** Threads of the operating system, and sockets that are open. */
  threads(): number;
  sockets(): number;
  /** Asks one that `isTelling`; what it tells depends on what it runs with: `inside.ts` by default. */
  inside<Told = Inside>(): Promise<Told>;
  /** Stands still: an idle gateway's timers cost the measured one nothing. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
  /** Asks it to end, for those who write something then. */
  end(): Promise<void>;
}

/** Starts a process on a core (or list of them) and waits until it says where it listens. */
export async function startPinned(cores: string, launch: Launch): Promise<RunningProcess> {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...(launch.isTelling ? (['ipc'] as const) : [])];
  const child = spawn('taskset', ['-c', cores, ...launch.command], {
    cwd: launch.directory ?? ROOT,
    env: { ...process.env, ...launch.environment },
    stdio,
  });
  const kill = atExit(() => child.kill('SIGKILL'));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const [, address = '', adminUrl] = await findLine(child, launch.address, launch.startLimitMs);
  const megabytes = (name: string) => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
  };
  return {
    url: address + (launch.path ?? ''),
    adminUrl,
    // See proc(5), stat: user and system time in ticks of 10 ms, counted after the name's closing parenthesis.
    cpuMs: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
    memoryMb: () => megabytes('VmRSS'),
    peakMb: () => megabytes('VmHWM'),
    // See proc(5), clear_refs: 5 sets the peak back to what is resident now.
    resetPeak: () => writeFileSync(`/proc/${child.pid}/clear_refs`, '5'),
    threads: () => readdirSync(`/proc/${child.pid}/task`).length,
    sockets: () => countSockets(`/proc/${child.pid}/fd`),
    inside: async <Told>() => {
      const told = once(child, 'message');
      child.send('tell');
      const [inside] = (await told) as [Told];
      return inside;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    close: () => {
      kill();
      return ended;
    },
    end: async () => {
      child.kill('SIGTERM');
      await ended;
      kill();
    },
  };
}

function countSockets(directory: string): number {
  const isSocket = (descriptor: string) => {
    try {
      return readlinkSync(`${directory}/${descriptor}`).startsWith('socket:');
    } catch {
      // Closed since the folder was read.
      return false;
    }
  };
  return readdirSync(directory).filter(isSocket).length;
}

const START_LIMIT_MS = 20_000;

function findLine(child: ChildProcess, pattern: RegExp, limitMs = START_LIMIT_MS): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string) => reject(new Error(`${child.spawnargs.join(' ')} ${why}:\n${text}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('did not say where it listens');
    }, limitMs);
    const read = (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-10_000);
      const found = pattern.exec(text);
      if (found === null) return;
      clearTimeout(timer);
      // What comes now is read and let go.
      for (const output of [child.stdout, child.stderr]) output?.off('data', read).resume();
      resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

/** A command on the load core. */
export interface LoadCommand {
  readonly input: Writable;
  /** What it had printed when it ended. */
  readonly output: Promise<string>;
}

/** Starts a command on the load core. */
export function startOnLoadCore(command: readonly string[]): LoadCommand {
  const child = spawn('taskset', ['-c', LOAD_CORE, ...command], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  const output = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve(text) : reject(new Error(`${command[0]} ended with ${code}`))));
  });
  return { input: child.stdin, output };
}

/** Runs a command on the load core to its end; resolves with what it printed. */
export function runOnLoadCore(command: readonly string[], input = ''): Promise<string> {
  const started = startOnLoadCore(command);
  started.input.end(input);
  return started.output;
}
