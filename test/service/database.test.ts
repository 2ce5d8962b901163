import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { openDatabase } from '../../service/database.ts';
import { createLog } from '../../service/logs.ts';
import { describeOnEachPostgres, describeOnPostgresServer, type TestDatabase } from '../support/servers.ts';
import { until } from '../support/until.ts';

const log = createLog('test', 'silent');

describeOnEachPostgres('the database', (kind) => {
  let database: TestDatabase;
  let migrations: string;

  beforeAll(async () => {
    database = await kind.create();
    migrations = mkdtempSync(join(tmpdir(), 'tributary-migrations-'));
    mkdirSync(join(migrations, 'meta'));
    const entries = [{ idx: 0, version: '7', when: 1, tag: '0000_first', breakpoints: true }];
    writeFileSync(
      join(migrations, 'meta/_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    );
    writeFileSync(
      join(migrations, '0000_first.sql'),
      'create schema shelf;\n--> statement-breakpoint\ncreate table shelf.book (title text);',
    );
  });

  afterAll(async () => {
    await database.close();
    rmSync(migrations, { recursive: true });
  });

  it('migrates once, however many replicas start at the same time', async () => {
    const replicas = await Promise.all(
      [1, 2, 3].map(() => openDatabase({ url: database.url, service: 'shelf', migrations, log, maxConnections: 2 })),
    );
    await replicas[0]?.query.execute(sql`insert into shelf.book values ('Sketch of the Analytical Engine')`);
    const found = await replicas[2]?.query.execute(sql`select title from shelf.book`);
    expect(found?.rows).toEqual([{ title: 'Sketch of the Analytical Engine' }]);
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('says whose database is not usable, and why', async () => {
    writeFileSync(
      join(migrations, 'meta/_journal.json'),
      JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: [{ idx: 0, version: '7', when: 2, tag: '0000_broken', breakpoints: true }],
      }),
    );
    writeFileSync(join(migrations, '0000_broken.sql'), 'create tabel x ()');
    await expect(openDatabase({ url: database.url, service: 'shelf', migrations, log })).rejects.toThrow(
      /The database of shelf is not usable: .*syntax error/s,
    );
  });
});

describeOnPostgresServer('a query that takes too long', (create) => {
  let database: TestDatabase;
  const migrations = mkdtempSync(join(tmpdir(), 'tributary-migrations-'));
  beforeAll(async () => {
    database = await create();
    mkdirSync(join(migrations, 'meta'));
    writeFileSync(
      join(migrations, 'meta/_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries: [] }),
    );
  });
  afterAll(async () => {
    await database.close();
    rmSync(migrations, { recursive: true });
  });

  it('is given up by the server too', async () => {
    const options = { url: database.url, service: 'slow', migrations, log };
    const [slow, other] = await Promise.all([openDatabase({ ...options, timeoutMs: 5_000 }), openDatabase(options)]);
    await expect(slow.query.execute(sql`select pg_sleep(600)`)).rejects.toThrow('Failed query');
    const running = sql`select pid from pg_stat_activity where query like 'select pg_sleep(600)%' and state = 'active'
      and datname = current_database()`;
    await until(async () => (await other.query.execute(running)).rows.length === 0);
    await Promise.all([slow.close(), other.close()]);
  });
});
