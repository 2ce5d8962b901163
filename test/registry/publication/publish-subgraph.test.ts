import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { listAuditEntries } from '../../../registry/storage/audit-entries.ts';
import { readDocuments } from '../../../registry/storage/documents.ts';
import { listSubgraphs, readSubgraph } from '../../../registry/storage/subgraphs.ts';
import { updateVariant } from '../../../registry/storage/variants.ts';
import { listVersions, readVersion } from '../../../registry/storage/versions.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const USERS = 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String }';
const ORDERS = 'type Query { orders: [Order] } type Order { id: ID! }';

describeOnEachPostgres('a publish', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
  });
  beforeEach(async () => {
    await registry.database.query.execute('delete from registry.variant');
    await registry.database.query.execute('delete from registry.audit_entry');
    await registry.current.refreshAll();
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const served = () => registry.current.get(GRAPH, 'current');
  const version = (number: number) => readVersion(registry.database.query, GRAPH, 'current', number);

  it('makes the variant, composes, and serves the supergraph', async () => {
    expect(registry.current.isKnown(GRAPH, 'current')).toBe(false);
    expect(await registry.publish('users', USERS)).toMatchObject({
      ...{ version: 1, wasCreated: true, wasUpdated: false, didUpdateSupergraph: true, errors: [] },
      ...{ schemaHash: expect.stringMatching(/^[\da-f]{64}$/), isError: false },
    });
    expect(await registry.publish('orders', ORDERS)).toMatchObject({ version: 2, wasCreated: true });
    expect(registry.current.isKnown(GRAPH, 'current')).toBe(true);
    expect(served()).toMatchObject({ version: 2, id: expect.stringMatching(/^2:[\da-f]{64}$/) });
    expect(served()?.sdl).toContain('@join__graph(name: "orders", url: "http://orders.test")');
    expect(served()?.sdl).toContain('type User');
    expect(await readSubgraph(registry.database.query, GRAPH, 'current', 'users')).toMatchObject({ sdl: USERS });
  });

  it('makes no version when text and URL are what they were', async () => {
    const first = await registry.publish('users', USERS);
    const before = served();
    expect(await registry.publish('users', USERS)).toEqual({
      ...{ ...first, version: undefined, wasCreated: false, didUpdateSupergraph: false },
    });
    expect(served()).toBe(before);
    expect(await listVersions(registry.database.query, GRAPH, 'current', { limit: 10 })).toHaveLength(1);
  });

  it('makes one for another URL, and keeps the URL when none is said', async () => {
    await registry.publish('users', USERS, { url: 'http://one.test' });
    expect(await registry.publish('users', USERS, { url: 'http://two.test' })).toMatchObject({
      ...{ version: 2, wasCreated: false, wasUpdated: true, didUpdateSupergraph: true },
    });
    expect(await registry.publish('users', `${USERS} type More { id: ID }`, { url: null })).toMatchObject({
      version: 3,
    });
    expect(await listSubgraphs(registry.database.query, GRAPH, 'current')).toMatchObject([{ url: 'http://two.test' }]);
    expect(await registry.publish('users', USERS, { url: '' })).toMatchObject({ version: 4 });
    expect(await listSubgraphs(registry.database.query, GRAPH, 'current')).toMatchObject([{ url: '' }]);
    expect(await registry.publish('orders', ORDERS, { url: null })).toMatchObject({ version: 5, wasCreated: true });
  });

  it('keeps a version that does not compose with its errors, and serves the last good one', async () => {
    await registry.publish('users', USERS);
    const good = served();
    const failed = await registry.publish('orders', 'type Query { orders: [Nothing] }');
    expect(failed).toMatchObject({ version: 2, wasCreated: true, didUpdateSupergraph: false });
    expect(failed.errors.map(({ message }) => message).join()).toContain('Nothing');
    expect(served()).toBe(good);
    expect(await version(2)).toMatchObject({ supergraph: null, errors: failed.errors, kind: 'publish' });
    expect(await registry.publish('orders', 'type Query { orders: [Nothing] }')).toMatchObject({
      ...{ version: undefined, errors: failed.errors },
    });
    expect(await registry.publish('orders', ORDERS)).toMatchObject({
      ...{ version: 3, errors: [], wasUpdated: true, didUpdateSupergraph: true },
    });
    expect(served()?.version).toBe(3);
  });

  it('fails for errors where the policy says so: also the same again, but nobody who has not changed', async () => {
    await registry.publish('users', USERS);
    await registry.publish('orders', ORDERS);
    await updateVariant(registry.database.query, GRAPH, 'current', { policy: { failedPublishIsError: true } });
    const broken = 'type Query { orders: [Nothing] }';
    expect(await registry.publish('orders', broken)).toMatchObject({ version: 3, isError: true });
    expect(await registry.publish('orders', broken)).toMatchObject({
      ...{ version: undefined, brokenSince: 3, isError: true, errors: [expect.anything()] },
    });
    expect(await registry.publish('users', USERS)).toMatchObject({
      ...{ version: undefined, brokenSince: 3, isError: false, errors: [expect.anything()] },
    });
    expect(await registry.publish('orders', ORDERS)).toMatchObject({ version: 4, isError: false, errors: [] });
    expect(await registry.publish('users', USERS)).toMatchObject({ brokenSince: undefined, isError: false });
  });

  it('keeps each text once', async () => {
    await registry.publish('users', USERS);
    const texts = async () => (await registry.database.query.execute('select hash from registry.document')).rowCount;
    const before = await texts();
    await registry.publish('users', USERS, { variant: 'staging' });
    expect(await texts()).toBe(before);
    const hash = (await version(1))?.subgraphs[0]?.hash ?? '';
    expect(await readDocuments(registry.database.query, [hash])).toEqual(new Map([[hash, USERS]]));
  });

  it('refuses what is no GraphQL, too large, or badly named, and stores nothing', async () => {
    const refusal = (name: string, sdl: string, variant = 'current') =>
      registry
        .publish(name, sdl, { variant })
        .catch(({ code, message }: { code: string; message: string }) => ({ code, message }));
    expect(await refusal('users', 'type Query {\n  me: }')).toEqual({
      code: 'SCHEMA_INVALID',
      message: 'The schema of "users" is not GraphQL: Syntax Error: Expected Name, found "}". (line 2, column 7)',
    });
    expect(await refusal('users', '')).toMatchObject({ code: 'SCHEMA_INVALID' });
    expect(await refusal('users', `${USERS}\n# \0`)).toMatchObject({ code: 'SCHEMA_INVALID' });
    expect(await refusal('users', `type Query { a: ${'['.repeat(90_000)} }`)).toMatchObject({ code: 'SCHEMA_INVALID' });
    expect(await refusal('users', `# ${'x'.repeat(100_000)}`)).toEqual({
      code: 'SCHEMA_TOO_LARGE',
      message:
        'The schema of "users" has 0.1 MB, and the registry takes 0.1 MB at most (schemaLimitBytes). Is it the right file?',
    });
    expect(await refusal('us ers', USERS)).toMatchObject({ code: 'NAME_INVALID' });
    expect(await refusal('users', USERS, 'a@b')).toMatchObject({ code: 'NAME_INVALID' });
    expect(await listSubgraphs(registry.database.query, GRAPH, 'current')).toBeUndefined();
  });

  it('writes down who did it, and what was refused', async () => {
    await registry.publish('users', USERS);
    await registry.publish('users', 'type').catch(() => undefined);
    const [refused, done] = await listAuditEntries(registry.database.query, { graphId: GRAPH, limit: 10 });
    expect(done).toMatchObject({
      ...{ actor: 'administrator', action: 'subgraph.publish', graphId: GRAPH, variant: 'current', outcome: 'done' },
      details: { subgraph: 'users', version: 1, errors: 0 },
    });
    expect(refused).toMatchObject({ action: 'subgraph.publish', outcome: 'SCHEMA_INVALID' });
  });
});
