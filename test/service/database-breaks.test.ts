import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { type Database, openDatabase } from '../../service/database.ts';
import { createLog } from '../../service/logs.ts';
import { describeOnPostgresServer, type TestDatabase } from '../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { throughProxy } from '../support/through-proxy.ts';

const MIGRATIONS = fileURLToPath(new URL('../../registry/storage/migrations', import.meta.url));
const CONNECTIONS = 2;

describeOnPostgresServer('a database whose connections break', (create) => {
  let server: TestDatabase;
  let proxy: TcpProxy;
  let database: Database;

  beforeAll(async () => {
    server = await create();
    proxy = await startTcpProxy(Number(new URL(server.url).port || 5432));
    const log = createLog('test', 'silent');
    database = await openDatabase({
      ...{ url: throughProxy(server.url, proxy), service: 'registry', migrations: MIGRATIONS, log },
      maxConnections: CONNECTIONS,
    });
  });
  afterEach(() => {
    proxy.onReply = (chunk) => chunk;
  });
  afterAll(async () => {
    // Waits for every connection that was not given back.
    await database.close();
    await proxy.close();
    await server.close();
  });

  it('has all its connections after transactions that could not begin, or end', async () => {
    for (const reply of ['BEGIN', 'COMMIT', 'ROLLBACK']) {
      for (let count = 0; count <= CONNECTIONS; count++) {
        proxy.onReply = (chunk, cut) => {
          if (!chunk.includes(reply)) return chunk;
          cut();
          return undefined;
        };
        const failing = database.query.transaction(async (transaction) => {
          await transaction.execute(sql`select 1`);
          if (reply === 'ROLLBACK') throw new Error('as asked');
        });
        await expect(failing).rejects.toThrow();
      }
    }
    proxy.onReply = (chunk) => chunk;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, () =>
        database.query.transaction((transaction) => transaction.execute(sql`select 1`)),
      ),
    );
  });

  it('goes on when one breaks between two queries of a transaction', async () => {
    const failing = database.query.transaction(async (transaction) => {
      await transaction.execute(sql`select 1`);
      proxy.cutAll();
      // Another's question tells when the break has been heard here.
      await database.ping();
      await transaction.execute(sql`select 1`);
    });
    await expect(failing).rejects.toThrow();
    await database.ping();
  });

  it('keeps a connection whose transaction was undone', async () => {
    const pid = async () => (await database.query.execute(sql`select pg_backend_pid() as pid`)).rows[0]?.pid;
    const before = new Set([await pid(), await pid()]);
    const undone = database.query.transaction(async () => {
      throw new Error('as asked');
    });
    await expect(undone).rejects.toThrow('as asked');
    expect(before).toContain(await pid());
  });
});
