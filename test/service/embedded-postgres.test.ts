import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Pool } from 'pg';
import { lockDirectory } from '../../service/lock-directory.ts';
import { copyPostgresTemplate } from '../support/postgres-template.ts';
import { createTestDatabase, type TestDatabase } from '../support/servers.ts';

describe('the embedded Postgres, over the wire', () => {
  let database: TestDatabase;
  let one: Pool;
  let other: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    one = new Pool({ connectionString: database.url, max: 8 });
    other = new Pool({ connectionString: database.url, max: 8 });
    await one.query('create schema wire; create table wire.entry (number int primary key)');
  });

  afterAll(async () => {
    await Promise.all([one.end(), other.end()]);
    await database.close();
  });

  it('gives each of many connections the answer to its own statement', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, number) => {
        const pool = number % 2 === 0 ? one : other;
        if (number % 7 === 0)
          return pool.query(`select no_such_column_${number}`).catch((error: Error) => error.message);
        return (await pool.query('select $1::int as number', [number])).rows[0] as unknown;
      }),
    );
    expect(answers).toEqual(
      answers.map((_, number) => (number % 7 === 0 ? `column "no_such_column_${number}" does not exist` : { number })),
    );
  });

  it('keeps transactions of several connections apart', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        const client = await (number % 3 === 0 ? one : other).connect();
        await client.query('begin');
        await client.query('insert into wire.entry values ($1)', [number]);
        await new Promise(setImmediate);
        await client.query(number % 2 === 0 ? 'commit' : 'rollback');
        client.release();
      }),
    );
    const { rows } = await one.query('select number from wire.entry order by number');
    expect(rows.map(({ number }) => number)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it('rolls back the transaction of a connection that goes away, and serves the others', async () => {
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('begin');
    await client.query('insert into wire.entry values (777)');
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect((await other.query('select 1 from wire.entry where number = 777')).rows).toEqual([]);
  });

  it('passes a value larger than any packet', async () => {
    const text = 'é'.repeat(1_000_000);
    expect((await one.query('select $1::text as text', [text])).rows[0].text).toBe(text);
  });
});

describe('an embedded Postgres that has ended on its own', () => {
  it('can be closed, and gives its data directory free', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tributary-ended-'));
    copyPostgresTemplate(directory);
    // In a process of its own, because only the real `process` tells of its worker threads.
    const script = `
      import { once } from 'node:events';
      import { startEmbeddedPostgres } from './service/embedded-postgres.ts';
      const started = once(process, 'worker');
      const postgres = await startEmbeddedPostgres(${JSON.stringify(directory)});
      const [worker] = await started;
      await worker.terminate();
      await postgres.close();
      console.log('closed');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', script]);
    expect(stdout).toBe('closed\n');
    expect(existsSync(join(directory, 'lock'))).toBe(false);
    rmSync(directory, { recursive: true });
  });
});

describe('the lock of a data directory', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-lock-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('names the process that holds it and the way out', () => {
    const parent = process.ppid;
    const lock = lockDirectory(directory);
    lock.release();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
    writeLock(parent);
    expect(() => lockDirectory(directory)).toThrow(new RegExp(`in use by process ${parent}.*TRIBUTARY_DATA_DIR`, 's'));
  });

  it.each([{ isThere: false }, { isThere: true }])(
    'closes the directory to others (there before: $isThere)',
    ({ isThere }) => {
      const own = join(directory, isThere ? 'old' : 'new');
      if (isThere) mkdirSync(own, { mode: 0o755 });
      lockDirectory(own).release();
      expect(statSync(own).mode & 0o777).toBe(0o700);
    },
  );

  it('is taken over from a process that no longer lives', () => {
    writeLock(2 ** 22 + 1);
    lockDirectory(directory).release();
  });

  function writeLock(processId: number): void {
    rmSync(join(directory, 'lock'), { force: true });
    writeFileSync(join(directory, 'lock'), String(processId));
  }
});
