import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { servePostgresWire } from '../../service/postgres-wire.ts';
import type { Running } from '../../service/run.ts';
import { copyPostgresTemplate } from '../support/postgres-template.ts';

describe('Postgres over the wire, when a unit fails without an answer', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-wire-'));
  let database: PGlite;
  let server: Running;

  beforeAll(async () => {
    copyPostgresTemplate(directory);
    database = await PGlite.create(join(directory, 'postgres'));
    server = await servePostgresWire(
      async (unit) => {
        if (Buffer.from(unit).includes('select unreachable')) throw new Error('out of memory');
        return database.execProtocolRaw(unit);
      },
      join(directory, '.s.PGSQL.5432'),
    );
  });
  afterAll(async () => {
    await server.close();
    await database.close();
    rmSync(directory, { recursive: true });
  });

  const connect = async () => {
    const client = new Client({ host: directory, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  it('ends that connection and goes on with the others', async () => {
    const [one, other] = [await connect(), await connect()];
    const failed = expect(one.query('select unreachable')).rejects.toThrow('Connection terminated');
    expect((await other.query('select 1 as number')).rows).toEqual([{ number: 1 }]);
    await failed;
    await other.end();
  });

  it('rolls back the transaction of that connection', async () => {
    const [one, other] = [await connect(), await connect()];
    await one.query('create table entry (number int)');
    await one.query('begin');
    await one.query('insert into entry values (1)');
    await expect(one.query('select unreachable')).rejects.toThrow('Connection terminated');
    expect((await other.query('select * from entry')).rows).toEqual([]);
    await other.end();
  });
});
