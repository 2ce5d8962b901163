import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { buildConsole } from '../../scripts/build-console.ts';
import { startEmbeddedPostgres } from '../../service/embedded-postgres.ts';
import { ClosingStack } from '../../service/run.ts';
import { copyPostgresTemplate, POSTGRES_TEMPLATE } from './postgres-template.ts';
import { findRedisServer, startRedisServer } from './redis-server.ts';

/**
 * Before all tests: the console is built, one embedded Postgres for each Jest worker (they run side by side), and which real servers are there.
 * What it finds it leaves in the environment, which the workers inherit; `servers.ts` reads it.
 */

const stack = new ClosingStack();

export default async function setUp({ maxWorkers }: { maxWorkers: number }): Promise<void> {
  await buildConsole();
  const root = mkdtempSync(join(tmpdir(), 'tributary-test-'));
  await prepareTemplate();
  for (let worker = 1; worker <= maxWorkers; worker++) {
    const directory = join(root, String(worker));
    copyPostgresTemplate(directory);
    process.env[`TEST_EMBEDDED_POSTGRES_${worker}`] = stack.add('postgres', await startEmbeddedPostgres(directory)).url;
  }
  process.env.TEST_POSTGRES_URL = (await reachablePostgres()) ?? '';
  process.env.TEST_REDIS_URL = (await reachableRedis()) ?? '';
  process.env.TEST_REDIS_SERVER = findRedisServer() ?? '';
  (globalThis as { tearDownTests?: () => Promise<void> }).tearDownTests = async () => {
    await stack.close();
    rmSync(root, { recursive: true, force: true });
  };
}

/** Creating a database takes seconds and a gigabyte, copying one takes neither: made once, kept between runs. */
async function prepareTemplate(): Promise<void> {
  if (existsSync(POSTGRES_TEMPLATE)) return;
  const unfinished = `${POSTGRES_TEMPLATE}-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const postgres = await startEmbeddedPostgres(unfinished);
  await postgres.close();
  renameSync(unfinished, POSTGRES_TEMPLATE);
}

async function reachablePostgres(): Promise<string | undefined> {
  for (const url of [process.env.DATABASE_URL, 'postgres://postgres@127.0.0.1:5432/postgres']) {
    if (url === undefined || url === '') continue;
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return url;
    } catch {
      // The next candidate.
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return undefined;
}

async function reachableRedis(): Promise<string | undefined> {
  for (const url of [process.env.REDIS_URL, 'redis://127.0.0.1:6379']) {
    if (url !== undefined && url !== '' && (await answers(url))) return url;
  }
  if (findRedisServer() === undefined) return undefined;
  return stack.add('redis', await startRedisServer()).url;
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
