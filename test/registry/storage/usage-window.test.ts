import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { insertGraph } from '../../../registry/storage/graphs.ts';
import { operation, usage } from '../../../registry/storage/tables.ts';
import { hasUsage, readUsageWindow, type UsageWindow } from '../../../registry/storage/usage-window.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { DAYS, fillUsage, requestsOf } from '../support/fill-usage.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const OPERATIONS = 500;
const CLIENTS = 40;

const WINDOW: UsageWindow = {
  ...{ graphId: GRAPH, variants: ['current'], from: '2026-11-19', to: '2026-11-25' },
  ...{ excludedClients: [], excludedOperationNames: [], ignoredOperations: [], countThreshold: 1, shareThreshold: 0 },
};

const range = (length: number) => Array.from({ length }, (_, index) => index);
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const hashOf = (number: number) => number.toString(16).padStart(64, '0');

/** What the rows come to, counted by hand. */
const countOf = (number: number, days = range(DAYS), clients = range(CLIENTS)) =>
  sum(days.flatMap((day) => clients.map((client) => requestsOf(number, day, client))));

describeOnEachPostgres('the usage of a week of 140,000 rows', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
    const { query } = registry.database;
    await fillUsage(query, { operations: OPERATIONS, clients: CLIENTS, from: '2026-11-19' });
    // What must not be counted: another variant, a day before, another graph with the same operation.
    await insertGraph(query, { id: 'other', title: 'other', createdAt: new Date() });
    const [{ id = 0 } = {}] = await query
      .select({ id: operation.id })
      .from(operation)
      .where(sql`hash = ${hashOf(7)}`);
    const [{ id: foreign = 0 } = {}] = await query
      .insert(operation)
      .values({
        graphId: 'other',
        hash: hashOf(7),
        name: 'Op7',
        body: '{ t7 }',
        coordinates: ['Query.t7'],
        createdAt: new Date(),
      })
      .returning({ id: operation.id });
    const row = { clientName: 'client0', clientVersion: '1.0', count: 1_000_000 };
    await query.insert(usage).values([
      { ...row, operationId: id, variant: 'staging', day: '2026-11-20' },
      { ...row, operationId: id, variant: 'current', day: '2026-11-18' },
      { ...row, operationId: foreign, variant: 'current', day: '2026-11-20' },
    ]);
  }, 60_000);
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const read = (window: Partial<UsageWindow> = {}, coordinates: readonly string[] = [], mostUsed = 0) =>
    readUsageWindow(registry.database.query, { ...WINDOW, ...window }, { coordinates, mostUsed });

  it('is summed up, with those who use what was asked about', async () => {
    const found = await read({}, ['Query.t7', 'T9.id', 'Query.unused']);
    expect(found).toMatchObject({
      isKnown: true,
      operations: OPERATIONS,
      requests: sum(range(OPERATIONS).map((number) => countOf(number))),
    });
    const expected = [7, 9].map((number) => ({
      hash: hashOf(number),
      name: `Op${number}`,
      count: countOf(number),
      coordinates: number === 7 ? ['Query.t7'] : ['T9.id'],
      isPopular: false,
      body: null,
      clients: range(CLIENTS)
        .map((client) => ({
          name: `client${client}`,
          version: `1.${client}`,
          count: countOf(number, range(DAYS), [client]),
        }))
        .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
        .slice(0, 3),
    }));
    expect(found.wanted).toEqual(expected.sort((one, other) => other.count - one.count));
  });

  it('has all who use what all use', async () => {
    const { wanted } = await read({}, ['Query.shared']);
    expect(wanted.map(({ count }) => count)).toEqual(
      range(OPERATIONS)
        .map((number) => countOf(number))
        .sort((one, other) => other - one),
    );
  });

  it('has no more than there is room for, and of each coordinate who uses it most', async () => {
    const found = await readUsageWindow(registry.database.query, WINDOW, {
      ...{ coordinates: ['Query.shared', 'Query.t7', 'T9.id'], mostUsed: 2, most: 5 },
    });
    const { wanted, leftOut } = found;
    expect(wanted.length).toBe(5);
    expect(wanted.map(({ name }) => name)).toEqual(expect.arrayContaining(['Op7', 'Op9']));
    expect(wanted.filter(({ isPopular }) => isPopular)).toHaveLength(2);
    expect(leftOut).toEqual({ operations: OPERATIONS - 5, coordinates: ['Query.shared'] });
  });

  it('has those that are used most, with their texts', async () => {
    const { wanted } = await read({}, ['Query.t7'], 3);
    const most = range(OPERATIONS)
      .map((number) => countOf(number))
      .sort((one, other) => other - one)
      .slice(0, 3);
    const popular = wanted.filter(({ isPopular }) => isPopular);
    expect(popular.map(({ count }) => count)).toEqual(most);
    expect(popular.map(({ name, body }) => body?.startsWith(`query ${name} { t`))).toEqual([true, true, true]);
    expect(wanted.filter(({ isPopular }) => !isPopular)).toMatchObject([{ name: 'Op7', body: null }]);
  });

  it('is of the days asked for', async () => {
    const { wanted } = await read({ from: '2026-11-21', to: '2026-11-22' }, ['Query.t7']);
    expect(wanted.map(({ count }) => count)).toEqual([countOf(7, [2, 3])]);
  });

  it('leaves out clients, by name, by version or by both', async () => {
    const excludedClients = [
      { name: 'client1', version: null },
      { name: null, version: '1.2' },
      { name: 'client3', version: '1.3' },
      { name: 'client4', version: '9' },
      { name: null, version: null },
    ];
    const { wanted } = await read({ excludedClients }, ['Query.t7']);
    const left = range(CLIENTS).filter((client) => ![1, 2, 3].includes(client));
    expect(wanted.map(({ count }) => count)).toEqual([countOf(7, range(DAYS), left)]);
  });

  it('leaves out operations, by name and by hash', async () => {
    const found = await read({ excludedOperationNames: ['Op7'], ignoredOperations: [hashOf(8)] }, [
      'Query.t7',
      'Query.t8',
      'Query.t9',
    ]);
    expect(found.operations).toBe(OPERATIONS - 2);
    expect(found.wanted.map(({ name }) => name)).toEqual(['Op9']);
  });

  it('counts operations from a threshold on, or from a part of all requests', async () => {
    const counts = range(OPERATIONS)
      .map((number) => countOf(number))
      .sort((one, other) => other - one);
    const [most = 0] = counts;
    const isMost = counts.filter((count) => count >= most).length;
    expect((await read({ countThreshold: most })).operations).toBe(isMost);
    expect((await read({ shareThreshold: most / sum(counts) })).operations).toBe(isMost);
    expect(await read({ countThreshold: most + 1 }, ['Query.shared'], 5)).toEqual({
      hasThreshold: true,
      isKnown: true,
      operations: 0,
      requests: 0,
      wanted: [],
      leftOut: { operations: 0, coordinates: [] },
    });
  });

  it('is unknown where nothing was reported, though something may be left out', async () => {
    expect(await read({ variants: ['nowhere'] }, ['Query.shared'], 5)).toEqual({
      hasThreshold: false,
      isKnown: false,
      operations: 0,
      requests: 0,
      wanted: [],
      leftOut: { operations: 0, coordinates: [] },
    });
    const excludedClients = range(CLIENTS).map((client) => ({ name: `client${client}`, version: null }));
    expect(await read({ excludedClients })).toMatchObject({ isKnown: true, operations: 0 });
  });

  it('is looked for without being summed up', async () => {
    const has = (window: Partial<UsageWindow>) => hasUsage(registry.database.query, { ...WINDOW, ...window });
    expect(await has({ excludedClients: [{ name: 'client1', version: null }] })).toBe(true);
    expect(await has({ variants: ['nowhere', 'staging'] })).toBe(true);
    expect(await has({ variants: ['nowhere'] })).toBe(false);
    expect(await has({ graphId: 'other', from: '2026-11-21' })).toBe(false);
  });

  it('is that of several variants', async () => {
    const { wanted } = await read({ variants: ['current', 'staging'] }, ['Query.t7']);
    expect(wanted.map(({ count }) => count)).toEqual([countOf(7) + 1_000_000]);
  });
});
