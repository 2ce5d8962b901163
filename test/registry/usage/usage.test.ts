import { hash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { listGateways } from '../../../registry/storage/gateways.ts';
import { pruneUsage } from '../../../registry/usage/prune-usage.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { type OpenEdge, openEdge } from '../support/open-edge.ts';
import { GRAPH } from '../support/open-registry.ts';

const NOON = new Date('2026-11-25T12:00:00Z');
const WEB = { name: 'web', version: '1' };

describeOnEachPostgres('usage', (kind) => {
  let database: TestDatabase;
  let registry: OpenEdge;
  let key: string;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openEdge(database.url, { now: () => NOON, maxOperations: 4, maxClients: 6 });
    key = await registry.key();
    await registry.publish('users', 'type Query { me: String }');
  });
  beforeEach(async () => {
    for (const table of ['operation', 'usage_report', 'gateway'])
      await registry.database.query.execute(`delete from registry.${table}`);
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const operation = (body: string, coordinates: readonly string[] = ['Query.me']) => ({
    ...{ hash: hash('sha256', body), name: 'Me', body, coordinates },
  });
  const counted = (body: string, count: number, more: object = {}) => ({
    ...{ hash: hash('sha256', body), day: '2026-11-25', client: WEB, count, ...more },
  });
  const toReport = (more: object = {}) => ({
    ...{ id: randomUUID(), graph: GRAPH, variant: 'current' },
    ...{ gateway: { instance: randomUUID(), supergraph: '1:abc' }, operations: [], counts: [], ...more },
  });
  const send = async (
    report: unknown,
    { headers = {}, body }: { headers?: Record<string, string>; body?: Buffer } = {},
  ) => {
    const response = await fetch(`${registry.url}/usage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key, ...headers },
      body: body === undefined ? JSON.stringify(report) : new Uint8Array(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  interface Row {
    readonly body: string;
    readonly coordinates: readonly string[];
    readonly client: string;
    readonly count: string;
  }
  const used = async (fromDay = '2026-11-18', variant = 'current') => {
    const { rows } = await registry.database.query.execute(`
      select body, coordinates, client_name || client_version as client, sum(count) as count
      from registry.usage join registry.operation on operation.id = operation_id
      where variant = '${variant}' and day >= '${fromDay}' group by operation.id, body, coordinates, client order by body, count desc`);
    return (rows as unknown as Row[]).map((row) => ({ ...row, count: Number(row.count) }));
  };

  it('counts by operation, client and day, and adds what comes later', async () => {
    const first = toReport({ operations: [operation('{ me }')], counts: [counted('{ me }', 3)] });
    expect(await send(first)).toEqual({ status: 200, body: { unknownOperations: [] } });
    const counts = [
      counted('{ me }', 4),
      counted('{ me }', 5, { day: '2026-11-24' }),
      counted('{ me }', 6, { client: { name: '', version: '' } }),
    ];
    await send(toReport({ counts }));
    expect(await used()).toEqual([
      { body: '{ me }', coordinates: ['Query.me'], client: 'web1', count: 12 },
      { body: '{ me }', coordinates: ['Query.me'], client: '', count: 6 },
    ]);
    expect((await used('2026-11-25'))[0]?.count).toBe(7);
    expect(await used('2026-11-18', 'other')).toEqual([]);
  });

  it('counts a report once, however often it comes', async () => {
    const report = toReport({
      operations: [operation('{ me }')],
      counts: [counted('{ me }', 3), counted('{ me }', 2)],
    });
    expect(await Promise.all([send(report), send(report), send(report)])).toEqual(
      Array.from({ length: 3 }, () => ({ status: 200, body: { unknownOperations: [] } })),
    );
    expect((await used())[0]?.count).toBe(5);
  });

  it('counts nothing of an operation whose text it does not know, and asks for it', async () => {
    const [known, unknown] = [counted('{ me }', 1), counted('{ a: me }', 1)];
    const answer = await send(toReport({ operations: [operation('{ me }')], counts: [known, unknown] }));
    expect(answer.body).toEqual({ unknownOperations: [unknown.hash] });
    expect((await used()).map(({ body }) => body)).toEqual(['{ me }']);
  });

  it('adds the coordinates that variables have brought', async () => {
    await send(toReport({ operations: [operation('{ me }', ['Query.me', 'In.a'])], counts: [counted('{ me }', 1)] }));
    await send(toReport({ operations: [operation('{ me }', ['Query.me', 'In.b', 'E.V', 'Query.me(in:)', '@d(a:)'])] }));
    await send(toReport({ operations: [operation('{ me }', ['Query.me'])] }));
    expect((await used())[0]?.coordinates).toEqual(
      ['@d(a:)', 'E.V', 'In.a', 'In.b', 'Query.me', 'Query.me(in:)'].sort(),
    );
  });

  it('takes no more operations than it may, and those that it has', async () => {
    const bodies = ['{ a }', '{ b }', '{ c }', '{ d }', '{ e }', '{ f }'];
    const counts = bodies.map((body) => counted(body, 1));
    const { body } = await send(toReport({ operations: bodies.map((text) => operation(text)), counts }));
    expect(body.unknownOperations).toHaveLength(2);
    expect(
      (await send(toReport({ operations: [operation('{ a }', ['Query.a'])], counts: [counted('{ a }', 1)] }))).body,
    ).toEqual({
      unknownOperations: [],
    });
    expect(await used()).toHaveLength(4);
  });

  it('counts what many gateways report at the same time', async () => {
    const bodies = ['{ a }', '{ b }', '{ c }'];
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const turned = index % 2 === 0 ? bodies : [...bodies].reverse();
        return send(
          toReport({
            operations: turned.map((body) => operation(body)),
            counts: turned.map((body) => counted(body, 1)),
          }),
        );
      }),
    );
    expect((await used()).map(({ count }) => count)).toEqual([12, 12, 12]);
  });

  it('tells no more clients apart than it may, and counts what all of them run', async () => {
    const day = '2026-11-22';
    const from = (first: number) =>
      Array.from({ length: 5 }, (_, index) =>
        counted('{ me }', 1, { day, client: { name: `random${first + index}`, version: '' } }),
      );
    await send(toReport({ operations: [operation('{ me }')], counts: from(0) }));
    await send(toReport({ counts: from(5) }));
    await send(toReport({ counts: from(0) }));
    const rows = await used();
    expect(rows).toHaveLength(7);
    expect(rows[0]).toMatchObject({ client: '', count: 4 });
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(15);
  });

  it('takes names that end in half a character', async () => {
    const day = '2026-11-21';
    const counts = ['\ud83d', '\ud83e'].map((name) => counted('{ me }', 1, { day, client: { name, version: '' } }));
    const report = toReport({ operations: [operation('{ me }')], counts });
    expect((await send(report)).status).toBe(200);
    expect(await used()).toMatchObject([{ client: '\ufffd', count: 2 }]);
  });

  it('counts no day that is not kept any more, or is still far', async () => {
    const counts = ['2026-08-26', '2026-11-27', '2026-11-26', '2026-08-27'].map((day) => counted('{ me }', 1, { day }));
    await send(toReport({ operations: [operation('{ me }')], counts }));
    expect((await used('2000-01-01'))[0]?.count).toBe(2);
  });

  it('knows which gateway runs which version, also of one that nobody asks anything', async () => {
    const instance = randomUUID();
    await send(toReport({ gateway: { instance, supergraph: '1:abc' } }));
    await send(toReport({ gateway: { instance, supergraph: '2:def' } }));
    expect(
      await listGateways(registry.database.query, { graphId: GRAPH, variant: 'current', since: new Date(0) }),
    ).toEqual([{ graphId: GRAPH, variant: 'current', instance, supergraphId: '2:def', seenAt: NOON }]);
  });

  it('takes reports that are packed', async () => {
    const report = toReport({ operations: [operation('{ me }')], counts: [counted('{ me }', 3)] });
    const packed = { headers: { 'content-encoding': 'gzip' }, body: gzipSync(JSON.stringify(report)) };
    expect((await send(undefined, packed)).status).toBe(200);
    expect((await used())[0]?.count).toBe(3);
  });

  it.each([
    ['no JSON', { body: Buffer.from('{') }],
    ['nothing', { body: Buffer.from('') }],
    ['what is not packed as it says', { body: Buffer.from('{}'), headers: { 'content-encoding': 'gzip' } }],
    ['what is packed otherwise', { body: Buffer.from('{}'), headers: { 'content-encoding': 'br' } }],
    [
      'what unpacks to very much',
      { body: gzipSync(Buffer.alloc(40_000_000, ' ')), headers: { 'content-encoding': 'gzip' } },
    ],
  ])('refuses %s', async (_what, options) => {
    expect(await send(undefined, options)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } });
  });

  it.each([
    ['the text of another hash', { operations: [{ ...operation('{ me }'), body: '{ other }' }] }],
    ['a value in place of a coordinate', { operations: [operation('{ me }', ['a value'])] }],
    ['a count that is none', { counts: [counted('{ me }', -1)] }],
    ['a count that is too large', { counts: [counted('{ me }', 1e12)] }],
    ['a day that is none', { counts: [counted('{ me }', 1, { day: '2026-13-01' })] }],
    ['what Postgres cannot keep', { counts: [counted('{ me }', 1, { client: { name: '\u0000', version: '' } })] }],
    ['an id that is none', { id: 'one' }],
    ['a long name', { counts: [counted('{ me }', 1, { client: { name: 'x'.repeat(201), version: '' } })] }],
  ])('refuses %s', async (_what, more) => {
    expect(await send(toReport(more))).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } });
    expect(await used()).toEqual([]);
  });

  it('refuses who may not report, and what is of no graph', async () => {
    const report = toReport();
    expect((await send(report, { headers: { 'x-api-key': 'wrong' } })).status).toBe(401);
    const reading = await registry.key({ verbs: ['read', 'publish'] });
    expect((await send(report, { headers: { 'x-api-key': reading } })).status).toBe(403);
    expect((await send({ ...report, graph: 'other' })).status).toBe(403);
    expect((await send({ ...report, variant: 'other' })).status).toBe(404);
    const all = await registry.key({ graphId: null });
    expect((await send({ ...report, graph: 'other' }, { headers: { 'x-api-key': all } })).status).toBe(404);
  });

  it('forgets what is kept no longer', async () => {
    const counts = [counted('{ me }', 1), counted('{ old }', 1, { day: '2026-10-01' })];
    await send(toReport({ operations: [operation('{ me }'), operation('{ old }')], counts }));
    const prune = (at: string) =>
      pruneUsage({ database: registry.database, retentionDays: 10, now: () => new Date(at) });
    const rowsOf = async (table: string) =>
      (await registry.database.query.execute(`select * from registry.${table}`)).rows.length;
    await prune('2026-11-25T12:30:00Z');
    expect((await used('2000-01-01')).map(({ body }) => body)).toEqual(['{ me }']);
    expect(await Promise.all(['operation', 'usage', 'usage_report', 'gateway'].map(rowsOf))).toEqual([2, 1, 1, 1]);
    await prune('2026-11-26T12:30:00Z');
    expect(await Promise.all(['operation', 'usage', 'usage_report', 'gateway'].map(rowsOf))).toEqual([1, 1, 0, 0]);
    await prune('2026-12-26T12:30:00Z');
    expect(await Promise.all(['operation', 'usage'].map(rowsOf))).toEqual([0, 0]);
  });
});
