import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestLog } from '../../support/log-lines.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';
import { type ReceivedReport, startUsageServer, type UsageServer } from '../../support/usage-server.ts';

const SDL = `
  input Wish { title: String color: Color }
  enum Color { RED GREEN }
  type Query { book(id: ID, wish: Wish): Book }
  type Mutation { add: Book }
  type Book { title: String }
`;

describe('a gateway that reports usage', () => {
  let subgraph: RawServer;
  let registry: UsageServer;
  let gateway: TestGateway | undefined;
  let testLog: ReturnType<typeof createTestLog>;

  beforeEach(async () => {
    subgraph = await startRawServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"data": {"book": {"title": "t"}, "add": {"title": "t"}}}');
      });
    });
    registry = await startUsageServer();
    testLog = createTestLog();
    gateway = undefined;
  });
  afterEach(async () => {
    await gateway?.close();
    await registry.close();
    await subgraph.close();
  });

  const start = async (more: Record<string, string> = {}) => {
    gateway = await startTestGateway(
      [{ name: 'one', url: subgraph.url, sdl: SDL }],
      {
        GATEWAY_USAGE_URL: registry.url,
        GATEWAY_USAGE_INTERVAL_MS: '20',
        APOLLO_KEY: 'the key',
        APOLLO_GRAPH_REF: 'shop@current',
        ...more,
      },
      testLog.log,
    );
    return gateway;
  };
  const countsIn = (reports: readonly ReceivedReport[]) => reports.flatMap(({ counts }) => counts);
  /** Each report counts once, whatever happens to its answer. */
  const total = (reports = registry.reports) =>
    countsIn([...new Map(reports.map((report) => [report.id, report])).values()]).reduce(
      (sum, { count }) => sum + count,
      0,
    );

  it('says that it lives and what it runs, also when nobody asks it anything', async () => {
    await start();
    const [first, second] = await until(() => registry.reports.length >= 2 && registry.reports);
    expect(first).toMatchObject({
      key: 'the key',
      graph: 'shop',
      variant: 'current',
      gateway: { instance: expect.stringMatching(/^[\da-f-]{36}$/), supergraph: null },
      operations: [],
      counts: [],
    });
    expect(second?.gateway).toEqual(first?.gateway);
    expect(second?.id).not.toBe(first?.id);
  });

  it('reports operations once, then counts alone, by client', async () => {
    const { query } = await start();
    const web = { headers: { 'apollographql-client-name': 'web', 'apollographql-client-version': '7' } };
    await query('query Read { book(id: "secret") { title } }', web);
    await until(() => total() === 1);
    await query('query Read { book(id: "other") { title } }', web);
    await query('query Read { book(id: "other") { title } }');
    await until(() => total() === 3);
    const operations = registry.reports.flatMap(({ operations }) => operations);
    expect(operations).toEqual([
      {
        hash: expect.stringMatching(/^[\da-f]{64}$/),
        name: 'Read',
        body: 'query Read {\n  book(id: "") {\n    title\n  }\n}',
        coordinates: ['Query.book', 'Query.book(id:)', 'Book.title'],
      },
    ]);
    const day = new Date().toISOString().slice(0, 10);
    expect(countsIn(registry.reports)).toContainEqual({
      hash: operations[0]?.hash,
      day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      client: { name: 'web', version: '7' },
      count: 1,
    });
    expect(countsIn(registry.reports).every((count) => count.day <= day)).toBe(true);
    expect(registry.reports.map(({ text }) => text).join()).not.toMatch(/secret|other/);
  });

  it('reports an operation again when its variables use more of the schema', async () => {
    const { query } = await start();
    const text = 'query ($wish: Wish) { book(wish: $wish) { title } }';
    const last = () => registry.reports.flatMap(({ operations }) => operations).at(-1)?.coordinates ?? [];
    await query(text, { variables: { wish: { title: 'secret' } } });
    await until(() => last().includes('Wish.title'));
    expect(last()).not.toContain('Wish.color');
    await query(text, { variables: { wish: { color: 'RED' } } });
    await until(() => last().includes('Wish.color') && last().includes('Color.RED') && last().includes('Wish.title'));
    expect(registry.reports.map(({ text }) => text).join()).not.toContain('secret');
  });

  it('counts what is let through: no operation that is refused', async () => {
    const { query } = await start();
    await query('{ nonsense }');
    await query('query A($wish: Wish) { book(wish: $wish) { title } }', { variables: { wish: 'nonsense' } });
    await query('query B { book { title } }');
    await until(() => total() === 1);
    expect(registry.reports.flatMap(({ operations }) => operations).map(({ name }) => name)).toEqual(['B']);
  });

  it('sends the same report again until it has an answer, and counts on meanwhile', async () => {
    const { query } = await start();
    registry.answer('no answer');
    await query('query A { book { title } }');
    const unanswered = await until(() => registry.reports.find(({ counts }) => counts.length > 0));
    await query('query B { book { title } }');
    await testLog.lines.find(/does not take a report of usage/);
    const again = await until(() => registry.reports.filter(({ id }) => id === unanswered.id)[1]);
    expect(again).toEqual(unanswered);
    registry.answer(503);
    await testLog.lines.find(/does not take a report of usage: 503/);
    registry.answer(200);
    await testLog.lines.find(/takes reports of usage again/);
    await until(() => total() === 2);
    expect(countsIn(registry.reports.filter(({ id }) => id === unanswered.id)).every(({ count }) => count === 1)).toBe(
      true,
    );
  });

  it('sends the text of what the registry does not know any more', async () => {
    const { query } = await start();
    await query('query A { book { title } }');
    await until(() => total() === 1);
    registry.answer({
      unknown: ({ operations, counts }) => (operations.length > 0 ? [] : counts.map(({ hash }) => hash)),
    });
    const before = registry.reports.length;
    await query('query A { book { title } }');
    const withText = await until(() => registry.reports.slice(before).find(({ operations }) => operations.length > 0));
    expect(withText.counts).toMatchObject([{ count: 1 }]);
  });

  it('does not send for ever what the registry does not take', async () => {
    const { query } = await start();
    registry.answer({ unknown: ({ counts }) => counts.map(({ hash }) => hash) });
    await query('query A { book { title } }');
    await testLog.lines.find(/operations ran that are not reported/);
    const before = registry.reports.length;
    await until(() => registry.reports.length > before + 2);
    expect(countsIn(registry.reports.slice(before))).toEqual([]);
  });

  it('drops a report that is refused, and goes on', async () => {
    const { query } = await start();
    registry.answer(400);
    await query('query A { book { title } }');
    await testLog.lines.find(/refuses a report of usage: 400/);
    registry.answer(200);
    await until(() => registry.reports.at(-1)?.counts.length === 0);
    await query('query B { book { title } }');
    await until(() => registry.reports.at(-1)?.counts.length === 0 && countsIn(registry.reports).length >= 2);
  });

  it('reports what is left when it stops', async () => {
    const { query, close } = await start({ GATEWAY_USAGE_INTERVAL_MS: '600000' });
    await until(() => registry.reports.length === 1);
    await query('mutation A { add { title } }');
    await close();
    gateway = undefined;
    expect(total()).toBe(1);
  });

  it('stops also when the registry does not answer', async () => {
    const { close } = await start();
    registry.answer('no answer');
    await close();
    gateway = undefined;
  });

  it('says what it needs for it', async () => {
    await expect(start({ APOLLO_KEY: '' })).rejects.toThrow(/supergraph\.uplink\.key.*APOLLO_KEY/);
    await expect(start({ GATEWAY_USAGE_URL: '', GATEWAY_USAGE_IS_ENABLED: 'true' })).rejects.toThrow(/usage\.url/);
  });
});
