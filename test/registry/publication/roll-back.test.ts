import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { removeSubgraph } from '../../../registry/publication/remove-subgraph.ts';
import { rollBack } from '../../../registry/publication/roll-back.ts';
import { listAuditEntries } from '../../../registry/storage/audit-entries.ts';
import { listSubgraphs, readSubgraph } from '../../../registry/storage/subgraphs.ts';
import { readVersion } from '../../../registry/storage/versions.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const USERS = 'type Query { me: User } type User { id: ID! name: String }';
const ORDERS = 'type Query { orders: [Order] } type Order { id: ID! }';

describeOnEachPostgres('a rollback', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
  });
  beforeEach(async () => {
    await registry.database.query.execute('delete from registry.variant');
    await registry.current.refreshAll();
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const back = (to: number, variant = 'current') =>
    rollBack(registry.publishing, { graphId: GRAPH, variant, to, actor: ADMINISTRATOR });
  const served = () => registry.current.get(GRAPH, 'current');

  it('serves an earlier version again, as a new one', async () => {
    await registry.publish('users', USERS);
    const first = served();
    await registry.publish('users', 'type Query { me: Int }');
    expect(await back(1)).toEqual({ version: 3 });
    expect(served()).toMatchObject({ version: 3, sdl: first?.sdl });
    expect(served()?.id).not.toBe(first?.id);
    expect(await readVersion(registry.database.query, GRAPH, 'current', 3)).toMatchObject({
      ...{ kind: 'rollback', origin: 1, actor: 'administrator', errors: [] },
      changes: expect.arrayContaining([expect.objectContaining({ code: 'TYPE_ADDED', coordinate: 'User' })]),
    });
    expect(await listAuditEntries(registry.database.query, { graphId: GRAPH, limit: 1 })).toMatchObject([
      { action: 'variant.rollBack', details: { to: 1, version: 3 } },
    ]);
  });

  it('brings the subgraphs of that version back, and the next publish builds on them', async () => {
    await registry.publish('users', USERS);
    await registry.publish('orders', ORDERS);
    await removeSubgraph(registry.publishing, {
      ...{ graphId: GRAPH, variant: 'current', name: 'orders', dryRun: false, actor: ADMINISTRATOR },
    });
    await registry.publish('users', 'type Query { me: Int }');
    expect(await back(2)).toEqual({ version: 5 });
    expect(await readSubgraph(registry.database.query, GRAPH, 'current', 'users')).toMatchObject({ sdl: USERS });
    expect(await registry.publish('reviews', 'type Query { reviews: Int }')).toMatchObject({ version: 6, errors: [] });
    const names = (await listSubgraphs(registry.database.query, GRAPH, 'current'))?.map(({ name }) => name);
    expect(names).toEqual(['orders', 'reviews', 'users']);
    for (const type of ['User', 'Order']) expect(served()?.sdl).toContain(`type ${type}`);
  });

  it('ends what a publish that did not compose has left', async () => {
    await registry.publish('users', USERS);
    await registry.publish('orders', 'type Query { orders: Nothing }');
    expect(await back(1)).toEqual({ version: 3 });
    expect(await registry.publish('reviews', 'type Query { reviews: Int }')).toMatchObject({ version: 4, errors: [] });
  });

  it('answers the same again to whoever has lost the answer, and makes no version for what is newest', async () => {
    await registry.publish('users', USERS);
    expect(await back(1)).toEqual({ version: 1 });
    await registry.publish('users', 'type Query { me: Int }');
    expect([await back(1), await back(1)]).toEqual([{ version: 3 }, { version: 3 }]);
  });

  it('to what cannot be served is refused with the reason', async () => {
    await registry.publish('users', USERS);
    await registry.publish('orders', 'type Query { orders: Nothing }');
    await expect(back(2)).rejects.toMatchObject({
      ...{ code: 'VERSION_UNKNOWN', message: 'Version 2 of shop@current did not compose: it cannot be served.' },
    });
    for (const number of [0, 3, -1])
      await expect(back(number)).rejects.toMatchObject({
        ...{ code: 'VERSION_UNKNOWN', message: `shop@current has no version ${number}; the newest is 2.` },
      });
    await expect(back(1, 'other')).rejects.toMatchObject({ code: 'VARIANT_UNKNOWN' });
  });
});
