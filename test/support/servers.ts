import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Running } from '../../service/run.ts';

/** The real servers that tests run on, as `global-setup.ts` found them. Without one, what needs it is skipped (in CI: fails). */

export interface TestDatabase extends Running {
  readonly url: string;
}

export interface DatabaseKind {
  readonly name: string;
  readonly isPresent: boolean;
  /** An empty database for one test file; closing it leaves nothing behind. */
  readonly create: () => Promise<TestDatabase>;
}

const embedded: DatabaseKind = {
  name: 'embedded Postgres',
  isPresent: true,
  create: async () => {
    const url = process.env[`TEST_EMBEDDED_POSTGRES_${process.env.JEST_WORKER_ID ?? '1'}`] ?? '';
    await dropOwnSchemas(url);
    return { url, close: () => dropOwnSchemas(url) };
  },
};

const server: DatabaseKind = {
  name: 'a Postgres server',
  isPresent: process.env.TEST_POSTGRES_URL !== '' || process.env.CI === 'true',
  create: async () => {
    const administration = process.env.TEST_POSTGRES_URL ?? '';
    if (administration === '') throw new Error('No Postgres answers at DATABASE_URL or on 127.0.0.1:5432.');
    const name = `tributary_test_${randomUUID().replaceAll('-', '')}`;
    await execute(administration, `create database ${name}`);
    const url = new URL(administration);
    url.pathname = `/${name}`;
    return { url: url.href, close: () => execute(administration, `drop database ${name} with (force)`) };
  },
};

/** Runs the same tests on the embedded Postgres and on a server. Create one database in `beforeAll`, close it in `afterAll`. */
export function describeOnEachPostgres(title: string, tests: (kind: DatabaseKind) => void): void {
  for (const kind of [embedded, server]) {
    (kind.isPresent ? describe : describe.skip)(`${title} (on ${kind.name})`, () => tests(kind));
  }
}

/** Runs tests on a Postgres server alone: for what several processes do with one database. Create one in `beforeAll`. */
export function describeOnPostgresServer(title: string, tests: (create: () => Promise<TestDatabase>) => void): void {
  (server.isPresent ? describe : describe.skip)(`${title} (on ${server.name})`, () => tests(server.create));
}

/** The embedded Postgres of this Jest worker, for tests that are not about the database. */
export const createTestDatabase = embedded.create;

export interface TestRedis extends Running {
  readonly url: string;
  /** Put before every key; closing deletes all that begin with it. */
  readonly prefix: string;
}

/** Runs tests on a real Redis. Create a prefix in `beforeAll`, close it in `afterAll`. */
export function describeOnRedis(title: string, tests: (create: () => Promise<TestRedis>) => void): void {
  const url = process.env.TEST_REDIS_URL ?? '';
  (url !== '' || process.env.CI === 'true' ? describe : describe.skip)(`${title} (on Redis)`, () =>
    tests(() => createTestRedis(url)),
  );
}

/** For tests that stop a Redis of their own (see `redis-server.ts`). */
export const describeWithRedisServer =
  process.env.TEST_REDIS_SERVER !== '' || process.env.CI === 'true' ? describe : describe.skip;

/** For tests in a real browser: Debian's `chromium`. */
export const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));

export const describeWithChromium = CHROMIUM !== undefined || process.env.CI === 'true' ? describe : describe.skip;

async function createTestRedis(url: string): Promise<TestRedis> {
  if (url === '')
    throw new Error('No Redis answers at REDIS_URL or on 127.0.0.1:6379, and no redis-server is installed.');
  const prefix = `tributary-test-${randomUUID()}:`;
  return {
    url,
    prefix,
    close: async () => {
      const redis = new Redis(url);
      for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }) as AsyncIterable<string[]>) {
        if (keys.length > 0) await redis.del(...keys);
      }
      await redis.quit();
    },
  };
}

async function dropOwnSchemas(url: string): Promise<void> {
  await execute(
    url,
    `do $$ declare name text; begin
       for name in select nspname from pg_namespace where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public') loop
         execute format('drop schema %I cascade', name);
       end loop;
     end $$`,
  );
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
