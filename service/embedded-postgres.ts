import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockDirectory } from './lock-directory.ts';
import type { Running } from './run.ts';

/** A Postgres inside this process, reached by an ordinary connection URL. */
export interface EmbeddedPostgres extends Running {
  readonly url: string;
}

/**
 * Starts PGlite (Postgres compiled to WebAssembly) in a worker thread, listening on a Unix socket in a private folder. The
 * rest of the system speaks to it as to any Postgres: same driver, same SQL, same migrations.
 *
 * All connections share one session: no `SET`, no temporary tables, no session locks held across statements; and a
 * transaction makes the other connections wait, so keep them short.
 *
 * @param dataDirectory where the data is kept; without one it lives in memory
 * @throws {Error} when another process uses the directory
 */
export async function startEmbeddedPostgres(dataDirectory?: string): Promise<EmbeddedPostgres> {
  const lock = dataDirectory === undefined ? undefined : lockDirectory(dataDirectory);
  const socketDirectory = mkdtempSync(join(tmpdir(), 'tributary-'));
  const postgresDirectory = dataDirectory === undefined ? undefined : join(dataDirectory, 'postgres');
  if (postgresDirectory !== undefined) mkdirSync(postgresDirectory, { recursive: true });

  const worker = new Worker(new URL('./embedded-postgres-worker.ts', import.meta.url), {
    workerData: { postgresDirectory, socketPath: join(socketDirectory, '.s.PGSQL.5432') },
  });
  // Heard from the start: a worker that has ended on its own ends no second time.
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const release = () => {
    rmSync(socketDirectory, { recursive: true, force: true });
    lock?.release();
  };

  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`The embedded Postgres ended with code ${code} while starting.`)));
    });
  } catch (error) {
    release();
    throw error;
  }
  // What ended it is told by the connections that broke with it; unheard, it would end this process too.
  worker.on('error', () => undefined);

  return {
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(socketDirectory)}`,
    async close() {
      worker.postMessage('close');
      await ended;
      release();
    },
  };
}
