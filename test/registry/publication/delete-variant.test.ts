import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { deleteVariant } from '../../../registry/publication/delete-variant.ts';
import { upsertContract } from '../../../registry/publication/upsert-contract.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const USERS = 'type Query { me: Int hidden: Int @tag(name: "x") }';
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])';
const FILTER = { include: [], exclude: ['x'], hideUnreachableTypes: false };

describeOnEachPostgres('variants', (kind) => {
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

  const remove = (variant: string, graphId = GRAPH) =>
    deleteVariant(registry.publishing, { graphId, variant, actor: ADMINISTRATOR });
  const contract = () =>
    upsertContract(registry.publishing, {
      ...{ graphId: GRAPH, variant: 'public', sourceVariant: 'current', filter: FILTER, launch: true },
      actor: ADMINISTRATOR,
    });

  it('are deleted with what they serve, and begin anew', async () => {
    await registry.publish('users', `${LINK} ${USERS}`);
    await registry.publish('users', `${LINK} ${USERS} type More { id: ID }`);
    expect(await remove('current')).toBe(true);
    expect(registry.current.isKnown(GRAPH, 'current')).toBe(false);
    expect(registry.current.get(GRAPH, 'current')).toBeUndefined();
    expect(await remove('current')).toBe(false);
    await expect(remove('current', 'none')).rejects.toMatchObject({ code: 'GRAPH_UNKNOWN' });
    expect(await registry.publish('users', `${LINK} ${USERS}`)).toMatchObject({ version: 1, wasCreated: true });
  });

  it('are not deleted while contracts are made from them; contracts are', async () => {
    await registry.publish('users', `${LINK} ${USERS}`);
    await contract();
    await expect(remove('current')).rejects.toMatchObject({
      ...{ code: 'CONTRACT_INVALID', message: 'Contracts are made from shop@current: public. Delete those first.' },
    });
    expect(await remove('public')).toBe(true);
    expect(await remove('current')).toBe(true);
  });

  it('leave no contract without its source, and lose no publish, when all happens at once', async () => {
    for (let round = 0; round < 5; round++) {
      await registry.publish('users', `${LINK} ${USERS}`);
      await Promise.allSettled([
        remove('current'),
        contract(),
        registry.publish('orders', `type Query { orders${round}: Int }`),
      ]);
      const { rows } = await registry.database.query.execute(
        'select name from registry.variant v where source_variant is not null and not exists (select 1 from registry.variant s where s.graph_id = v.graph_id and s.name = v.source_variant)',
      );
      expect(rows).toEqual([]);
      expect(registry.current.get(GRAPH, 'current')?.sdl).toContain(`orders${round}: Int`);
      await remove('public');
      await remove('current');
    }
  });
});
