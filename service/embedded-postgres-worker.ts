import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { servePostgresWire } from './postgres-wire.ts';

/** The worker thread of the embedded Postgres: a long query stops only this thread. See `embedded-postgres.ts`. */

const { postgresDirectory, socketPath } = workerData as { postgresDirectory?: string; socketPath: string };

const database = await PGlite.create(postgresDirectory === undefined ? {} : { dataDir: postgresDirectory });
const server = await servePostgresWire((unit) => database.execProtocolRaw(unit), socketPath);

parentPort?.once('message', async () => {
  await server.close();
  await database.close();
  parentPort?.close();
});
parentPort?.postMessage('ready');
