import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { removeSubgraph } from '../../../registry/publication/remove-subgraph.ts';
import { listAuditEntries } from '../../../registry/storage/audit-entries.ts';
import { listSubgraphs } from '../../../registry/storage/subgraphs.ts';
import { listVersions, readVersion } from '../../../registry/storage/versions.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const USERS = 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String }';
const ORDERS = 'type Query { orders: [Order] } type Order { id: ID! }';
const GREETINGS = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
  type User @key(fields: "id") { id: ID! name: String @external greeting: String @requires(fields: "name") }`;

describeOnEachPostgres('taking a subgraph out', (kind) => {
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

  const remove = (name: string, more: { dryRun?: boolean; variant?: string; graphId?: string } = {}) =>
    removeSubgraph(registry.publishing, {
      ...{ graphId: GRAPH, variant: 'current', name, dryRun: false, actor: ADMINISTRATOR },
      ...more,
    });
  const served = () => registry.current.get(GRAPH, 'current');
  const names = async () => (await listSubgraphs(registry.database.query, GRAPH, 'current'))?.map(({ name }) => name);

  it('composes the others, and serves that', async () => {
    await registry.publish('users', USERS);
    await registry.publish('orders', ORDERS);
    expect(await remove('orders')).toEqual({ errors: [], didUpdateSupergraph: true });
    expect(await names()).toEqual(['users']);
    expect(served()?.version).toBe(3);
    expect(served()?.sdl).not.toContain('Order');
    expect(await readVersion(registry.database.query, GRAPH, 'current', 3)).toMatchObject({
      ...{ kind: 'delete', subgraph: 'orders', actor: 'administrator' },
      changes: expect.arrayContaining([expect.objectContaining({ code: 'TYPE_REMOVED', coordinate: 'Order' })]),
    });
    expect(await listAuditEntries(registry.database.query, { graphId: GRAPH, limit: 1 })).toMatchObject([
      { action: 'subgraph.delete', outcome: 'done', details: { subgraph: 'orders', version: 3 } },
    ]);
  });

  it('tells in a dry run what would be, and does nothing', async () => {
    await registry.publish('users', USERS);
    await registry.publish('orders', ORDERS);
    expect(await remove('orders', { dryRun: true })).toEqual({ errors: [], didUpdateSupergraph: true });
    expect(await names()).toEqual(['orders', 'users']);
    expect(served()?.version).toBe(2);
  });

  it('keeps serving what was, when the others do not compose without it', async () => {
    await registry.publish('users', USERS);
    await registry.publish('greetings', GREETINGS);
    await registry.publish('orders', ORDERS);
    const good = served();
    const dry = await remove('users', { dryRun: true });
    expect(dry.errors.map(({ code }) => code)).not.toEqual([]);
    expect(await remove('users')).toEqual({ ...dry, didUpdateSupergraph: false });
    expect(served()).toBe(good);
    expect(await names()).toEqual(['greetings', 'orders']);
  });

  it('of the last one keeps serving what was, and a publish begins anew', async () => {
    await registry.publish('users', USERS);
    const good = served();
    expect(await remove('users')).toEqual({ errors: [], didUpdateSupergraph: false });
    expect(served()).toBe(good);
    expect(await names()).toEqual([]);
    expect(await registry.publish('orders', ORDERS)).toMatchObject({ version: 3, wasCreated: true });
    expect(served()?.sdl).not.toContain('User');
  });

  it('answers the same again to whoever has lost the answer', async () => {
    await registry.publish('users', USERS);
    await registry.publish('orders', ORDERS);
    const first = await remove('orders');
    expect(await remove('orders')).toEqual(first);
    expect(await listVersions(registry.database.query, GRAPH, 'current', { limit: 9 })).toHaveLength(3);
  });

  it('that is not there is refused with those that are', async () => {
    await registry.publish('users', USERS);
    await expect(remove('orders')).rejects.toMatchObject({
      ...{ code: 'SUBGRAPH_UNKNOWN', message: 'shop@current has no subgraph "orders"; it has users.' },
    });
    await expect(remove('orders', { dryRun: true })).rejects.toMatchObject({ code: 'SUBGRAPH_UNKNOWN' });
    await expect(remove('users', { variant: 'other' })).rejects.toMatchObject({ code: 'VARIANT_UNKNOWN' });
    await expect(remove('users', { graphId: 'other' })).rejects.toMatchObject({ code: 'GRAPH_UNKNOWN' });
  });
});
