import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Running } from '../../service/run.ts';
import { freePort } from './free-port.ts';

/** A Redis of a test's own, which it may stop, pause and start again. */
export interface RedisServer extends Running {
  readonly url: string;
  readonly processId: number;
}

/** The path of Debian's `redis-server`, if it is installed. */
export function findRedisServer(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
}

/**
 * Starts a Redis on a free port that keeps nothing on disk.
 *
 * @param port to come back on the same one after a stop
 * @param options more of its command line
 */
export async function startRedisServer(
  port?: number,
  password?: string,
  options: readonly string[] = [],
): Promise<RedisServer> {
  const binary = findRedisServer();
  if (binary === undefined) throw new Error('redis-server is not installed (Debian: apt-get install redis-server).');
  const directory = mkdtempSync(join(tmpdir(), 'tributary-redis-'));
  const chosen = port ?? (await freePort());
  const server = spawn(binary, [
    '--port',
    String(chosen),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    directory,
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...options,
  ]);
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code} while starting`)));
  });
  return {
    url: `redis://127.0.0.1:${chosen}`,
    processId: server.pid ?? 0,
    close: async () => {
      server.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
