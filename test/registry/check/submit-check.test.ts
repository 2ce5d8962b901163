import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readCheck } from '../../../registry/check/check-record.ts';
import { submitCheck } from '../../../registry/check/submit-check.ts';
import { listChecks } from '../../../registry/storage/checks.ts';
import { deleteOverride, listOverrides, putOverride } from '../../../registry/storage/overrides.ts';
import { updateVariant } from '../../../registry/storage/variants.ts';
import { listVersions } from '../../../registry/storage/versions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers.ts';
import { changesOf, NOW, type OpenChecking, openChecking, taskOf, WINDOW } from '../support/open-checking.ts';
import { ADMINISTRATOR, GRAPH } from '../support/open-registry.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag"])';
const products = (fields: string, more = '') =>
  `${LINK} type Query { top: [Product!] found: Found ${more} } type Product @key(fields: "id") { id: ID! ${fields} }
  union Found = Product | Shop type Shop { name: String id: ID! }`;
const PRODUCTS = products('name: String price: Int @shareable unused: Int');
const REVIEWS = `${LINK} type Product @key(fields: "id") { id: ID! reviews: [String!] price: Int @shareable }`;

describe('a check', () => {
  let database: TestDatabase;
  let registry: OpenChecking;
  /** Each test has one of its own, with both subgraphs. */
  let variant: string;
  let variants = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    registry = await openChecking(database.url);
  });
  beforeEach(async () => {
    variant = `v${++variants}`;
    await registry.publish('products', PRODUCTS, { variant });
    await registry.publish('reviews', REVIEWS, { variant });
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });
  const check = (subgraph: string, sdl: string, window = {}) => registry.check(subgraph, sdl, { variant, window });
  const report = (text: string, more = {}) => registry.report(text, { variant, ...more });

  it('fails for a field that somebody uses, with the name of the client, and passes for one that nobody does', async () => {
    await report('query Prices { top { id price name } }', { count: 12 });
    const record = await check('products', products('name2: String price: Int @shareable unused: Int'));
    expect(record.status).toBe('FAILED');
    expect(changesOf(record)).toEqual(['FAILURE FIELD_REMOVED Product.name', 'NOTICE FIELD_ADDED Product.name2']);
    expect(taskOf(record, 'operations').changes[0]?.description).toBe(
      'type `Product`: field `name` removed; used by operation `Prices` of client `web` 1.2 (12 requests)',
    );
    const other = await check('products', products('name: String price: Int @shareable'));
    expect({ status: other.status, changes: changesOf(other) }).toEqual({
      status: 'PASSED',
      changes: ['NOTICE FIELD_REMOVED Product.unused'],
    });
    expect(taskOf(other, 'operations')).toMatchObject({ checkedOperations: 1, replayed: 1, notReplayed: 0 });
  });

  it('fails for every breaking change while no usage is known', async () => {
    const record = await check('products', products('name: String price: Int @shareable'));
    expect({ status: record.status, changes: changesOf(record) }).toEqual({
      status: 'FAILED',
      changes: ['FAILURE FIELD_REMOVED Product.unused'],
    });
  });

  it('looks at the usage that it is told to look at', async () => {
    await report('query Names { top { name } }', { count: 10, day: '2026-11-20' });
    await report('query Ids { top { id } }', { count: 90 });
    const proposed = products('price: Int @shareable unused: Int');
    const statusWith = async (window: object) => (await check('products', proposed, window)).status;
    expect(await statusWith({})).toBe('FAILED');
    expect(await statusWith({ countThreshold: 10, percentageThreshold: 0.1 })).toBe('FAILED');
    expect(await statusWith({ countThreshold: 11 })).toBe('PASSED');
    expect(await statusWith({ percentageThreshold: 0.11 })).toBe('PASSED');
    expect(await statusWith({ fromSeconds: 86_400 })).toBe('PASSED');
    expect(await statusWith({ excludedClients: [{ name: 'web', version: '1.2' }] })).toBe('PASSED');
    expect(await statusWith({ excludedOperationNames: ['Names'] })).toBe('PASSED');
    expect(await statusWith({ includedVariants: ['elsewhere'] })).toBe('FAILED');
    await updateVariant(registry.database.query, GRAPH, variant, { policy: { usageWindowDays: 2 } });
    expect(await statusWith({})).toBe('PASSED');
  });

  it('lets through what was let through, until that is taken back', async () => {
    await report('{ top { name } }');
    const { query } = registry.database;
    const change = { graphId: GRAPH, variant, code: 'FIELD_REMOVED', coordinate: 'Product.name' };
    const proposed = products('price: Int @shareable unused: Int');
    await putOverride(query, { ...change, reason: 'first', actor: 'ada', createdAt: NOW });
    await putOverride(query, { ...change, reason: 'moved to the shop', actor: 'bob', createdAt: NOW });
    expect(await listOverrides(query, GRAPH, variant)).toMatchObject([{ reason: 'moved to the shop', actor: 'bob' }]);
    const record = await check('products', proposed);
    // The operation is no longer valid, and the change that it is for has been looked at.
    expect(changesOf(record)).toEqual(['NOTICE FIELD_REMOVED Product.name']);
    expect(record.status).toBe('PASSED');
    expect(taskOf(record, 'operations').changes[0]?.description).toContain('let through by bob: moved to the shop');
    expect(await deleteOverride(query, change)).toBe(true);
    expect(await deleteOverride(query, change)).toBe(false);
    expect((await check('products', proposed)).status).toBe('FAILED');
  });

  it('tells of an operation that takes more fetches, though nothing differs for clients', async () => {
    await report('query Prices { top { price } }');
    await report('query Names { top { name } }');
    const record = await check('products', products('name: String unused: Int'));
    expect(record.status).toBe('PASSED');
    expect(taskOf(record, 'composition')).toEqual({ kind: 'composition', coreSchemaModified: true, errors: [] });
    expect(taskOf(record, 'operations').changes).toEqual([
      {
        ...{ severity: 'NOTICE', code: 'OPERATION_FETCHES_MORE', coordinate: expect.stringMatching(/^[0-9a-f]{64}$/) },
        description: 'operation `Prices` of client `web` 1.2 (1 request) takes 2 fetches from subgraphs instead of 1',
      },
    ]);
  });

  it('fails for an operation that is no longer valid by a change that breaks nothing', async () => {
    await report('query Found { found { ... on Product { name } ... on Shop { name } } }');
    const record = await check('products', products('name: String! price: Int @shareable unused: Int'));
    expect(record.status).toBe('FAILED');
    expect(changesOf(record).map((each) => each.replace(/[0-9a-f]{64}/, 'HASH'))).toEqual([
      'FAILURE OPERATION_INVALID HASH',
      'NOTICE FIELD_CHANGED_TYPE Product.name',
    ]);
    expect(taskOf(record, 'operations').changes[0]?.description).toContain('they return conflicting types');
  });

  it('is of composition and lint alone where there is no supergraph', async () => {
    const record = await check('products', products('Name: String price: String'));
    expect(record.status).toBe('FAILED');
    expect(record.tasks.map((task) => task.kind)).toEqual(['composition', 'lint']);
    expect(taskOf(record, 'composition').errors.map(({ code }) => code)).toContain('FIELD_TYPE_MISMATCH');
    expect(taskOf(record, 'lint').diagnostics).toMatchObject([{ coordinate: 'Product.Name', level: 'WARNING' }]);
  });

  it("lints what is new, by the variant's rules", async () => {
    await registry.publish('products', products('name: String price: Int @shareable unused: Int Old: Int'), {
      variant,
    });
    await report('{ top { id } }');
    const proposed = products('name: String price: Int @shareable unused: Int Old: Int New: Int');
    const found = await check('products', proposed);
    expect({
      status: found.status,
      rules: taskOf(found, 'lint').diagnostics.map(({ coordinate }) => coordinate),
    }).toEqual({
      status: 'PASSED',
      rules: ['Product.New'],
    });
    const policy = { lint: { FIELD_NAMES_SHOULD_BE_CAMEL_CASE: 'ERROR' } } as const;
    await updateVariant(registry.database.query, GRAPH, variant, { policy });
    expect((await check('products', proposed)).status).toBe('FAILED');
  });

  it('changes nothing that is served, takes the URL that is there, and can be read again', async () => {
    await report('{ top { id } }');
    const { query } = registry.database;
    const served = registry.current.get(GRAPH, variant);
    const record = await check('products', PRODUCTS);
    expect(record.tasks).toMatchObject([
      { kind: 'composition', coreSchemaModified: false, errors: [] },
      { kind: 'operations', changes: [], checkedOperations: 1, replayed: 0 },
      { kind: 'lint', diagnostics: [] },
    ]);
    expect(await listVersions(query, GRAPH, variant, { limit: 10 })).toHaveLength(2);
    expect(registry.current.get(GRAPH, variant)).toEqual(served);
    expect(await readCheck(query, GRAPH, record.id)).toMatchObject({ ...record, variant, graphId: GRAPH });
    expect(await readCheck(query, 'other', record.id)).toBeUndefined();
    expect(await readCheck(query, GRAPH, 'no id')).toBeUndefined();
    expect(await listChecks(query, GRAPH, variant, { limit: 5 })).toMatchObject([
      { id: record.id, status: 'PASSED', subgraph: 'products', actor: ADMINISTRATOR.name, createdAt: NOW },
    ]);
  });

  it('keeps of where it comes from what can be kept', async () => {
    const git = {
      branch: 'ma\0in',
      commit: null,
      committer: 'ada \ud83e',
      message: 'x'.repeat(9_000),
      remoteUrl: null,
    };
    await submitCheck(registry.checking, {
      ...{ graphId: GRAPH, variant, subgraph: 'products', sdl: PRODUCTS, window: WINDOW, git, actor: ADMINISTRATOR },
    });
    expect(await listChecks(registry.database.query, GRAPH, variant, { limit: 5 })).toMatchObject([
      { git: { branch: 'main', commit: null, committer: 'ada \ufffd', message: 'x'.repeat(5_000) } },
    ]);
  });

  it('of a subgraph that is new adds it', async () => {
    await report('{ top { id } }');
    const record = await check('stock', `${LINK} type Query { stock: Int }`);
    expect({ status: record.status, changes: changesOf(record) }).toEqual({
      status: 'PASSED',
      changes: ['NOTICE FIELD_ADDED Query.stock'],
    });
  });

  it('is not written when what is to be written with it is not', async () => {
    const onCheck = async () => {
      throw new Error('no webhook');
    };
    const failing = await openChecking(database.url, { onCheck });
    await expect(failing.check('products', PRODUCTS, { variant })).rejects.toThrow('no webhook');
    await failing.close();
    expect(await listChecks(registry.database.query, GRAPH, variant, { limit: 5 })).toEqual([]);
  });

  it('refuses a subgraph of a graph, or on a variant, that is not there', async () => {
    await expect(registry.check('products', PRODUCTS, { variant: 'elsewhere' })).rejects.toMatchObject({
      code: 'VARIANT_UNKNOWN',
    });
  });

  it('opens planners only where there is usage to plan, and leaves none open', async () => {
    const opened: Promise<void>[] = [];
    const counting = await openChecking(database.url, {
      pairs: {
        ...registry.checking.pairs,
        open: (sdl) => {
          const pair = registry.checking.pairs.open(sdl);
          const { promise, resolve } = Promise.withResolvers<void>();
          opened.push(promise);
          return { ...pair, close: () => pair.close().then(resolve) };
        },
      },
    });
    const proposed = products('name: String unused: Int');
    await counting.check('products', proposed, { variant });
    expect(opened).toHaveLength(0);
    await report('query Prices { top { price } }');
    const record = await counting.check('products', proposed, { variant });
    expect(taskOf(record, 'operations')).toMatchObject({ replayed: 1 });
    // One that does not compose; and one that changes nothing, for which none is opened.
    await counting.check('products', products('Name: String price: String'), { variant });
    await counting.check('products', PRODUCTS, { variant });
    await Promise.all(opened);
    expect(opened).toHaveLength(2);
    await counting.close();
  });

  it('stops planning operations again when that takes long', async () => {
    const hasty = await openChecking(database.url, { replay: { operations: 100, budgetMs: 1 } });
    await report('query Prices { top { price } }');
    const record = await hasty.check('products', products('name: String unused: Int'), { variant });
    expect({ status: record.status, ...taskOf(record, 'operations') }).toMatchObject({
      status: 'PASSED',
      replayed: 0,
      notReplayed: 1,
    });
    await hasty.close();
  });
});
