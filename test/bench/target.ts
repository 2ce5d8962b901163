import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Something that is measured: a gateway in a process of its own. */
export interface Target {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Finds the address in a line of its output. */
  readonly address: RegExp;
}

export interface RunningTarget {
  readonly url: string;
  readonly processId: number;
  /** Resident memory, in megabytes. */
  memoryMb(): number;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The gateways, by name. Ours is started by the command of `npm run gateway`. */
export function targetsFor(supergraphFile: string): readonly Target[] {
  const npmScript = (JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { scripts: { gateway: string } })
    .scripts.gateway;
  return [
    {
      name: 'tributary',
      command: [...npmScript.split(' '), '--supergraph', supergraphFile, '--listen', '127.0.0.1:0'],
      environment: { GATEWAY_ADMIN_PORT: '0', GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '0' },
      address: /"url":"([^"]+)","admin"/,
    },
    {
      name: 'stock',
      command: ['node', 'test/bench/targets/stock.ts', supergraphFile],
      environment: { APOLLO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
      address: /listening (\S+)/,
    },
  ];
}

/** Starts a process on one core and waits until it says where it listens. */
export async function startPinned(
  core: number,
  { command, environment, address }: Omit<Target, 'name'>,
): Promise<RunningTarget> {
  const child = spawn('taskset', ['-c', String(core), ...command], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await findLine(child, address);
  return {
    url,
    processId: child.pid ?? 0,
    memoryMb: () => {
      const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      return Math.round(Number(kilobytes) / 1024);
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function findLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}:\n${text}`)));
  });
}
