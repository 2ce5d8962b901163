import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { listenForNotices, type Notice, notify } from '../../../registry/storage/notices.ts';
import { ClosingStack } from '../../../service/run.ts';
import type { Lines } from '../../support/lines.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { describeOnPostgresServer, type TestDatabase } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { throughProxy } from '../../support/through-proxy.ts';
import { until } from '../../support/until.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

describeOnPostgresServer('what processes tell one another', (create) => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  let proxy: TcpProxy;
  let stack: ClosingStack;
  let heard: Notice[];
  let listened: number;
  let lines: Lines;

  beforeAll(async () => {
    database = await create();
    registry = await openRegistry(database.url);
    proxy = await startTcpProxy(Number(new URL(database.url).port || 5432));
  });
  beforeEach(async () => {
    stack = new ClosingStack();
    heard = [];
    listened = 0;
    proxy.isCut = false;
    const { log, lines: written } = createTestLog();
    lines = written;
    const onNotice = (notice: Notice) => void heard.push(notice);
    const onListening = () => void listened++;
    const url = throughProxy(database.url, proxy);
    stack.add('listener', listenForNotices({ url, log, onNotice, onListening, heartbeatMs: 50 }));
    await until(() => listened === 1);
  });
  afterEach(() => stack.close());
  afterAll(async () => {
    await proxy.close();
    await registry.close();
    await database.close();
  });

  const tell = (notice: Notice) => notify(registry.database.query, notice);

  it('is heard when it is committed, and not otherwise', async () => {
    const { query } = registry.database;
    await query
      .transaction(async (transaction) => {
        await notify(transaction, { kind: 'key', id: 'undone' });
        throw new Error('as asked');
      })
      .catch(() => undefined);
    await tell({ kind: 'key', id: 'a' });
    await tell({ kind: 'variant', graphId: GRAPH, variant: 'größe' });
    await tell({ kind: 'graph', graphId: GRAPH });
    await query.execute("select pg_notify('tributary_registry', 'no notice')");
    await query.execute('select pg_notify(\'tributary_registry\', \'{"kind":"other"}\')');
    await tell({ kind: 'key', id: 'z' });
    await until(() => heard.length === 4);
    expect(heard).toEqual([
      { kind: 'key', id: 'a' },
      { kind: 'variant', graphId: GRAPH, variant: 'größe' },
      { kind: 'graph', graphId: GRAPH },
      { kind: 'key', id: 'z' },
    ]);
  });

  it('is listened to again when the connection breaks, and whoever listens looks what was missed', async () => {
    proxy.isCut = true;
    proxy.cutAll();
    await tell({ kind: 'key', id: 'missed' });
    proxy.isCut = false;
    await until(() => listened >= 2);
    await tell({ kind: 'key', id: 'b' });
    await until(() => heard.length === 1);
    expect(heard).toEqual([{ kind: 'key', id: 'b' }]);
  });

  it('is listened to again when the connection dies without a word', async () => {
    proxy.onReply = () => Buffer.alloc(0);
    await lines.find(/does not hear other registry processes/);
    proxy.onReply = (chunk) => chunk;
    await until(() => listened >= 2);
    await tell({ kind: 'key', id: 'c' });
    await until(() => heard.length === 1);
  });
});
