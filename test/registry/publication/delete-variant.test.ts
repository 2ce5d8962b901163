import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { deleteVariant } from '../../../registry/publication/delete-variant.ts';
import { upsertContract } from '../../../registry/publication/upsert-contract.ts';
import { insertCheck } from '../../../registry/storage/checks.ts';
import { hashOf, readDocuments } from '../../../registry/storage/documents.ts';
import { findOperations, putOperations } from '../../../registry/storage/operations.ts';
import { putOverride } from '../../../registry/storage/overrides.ts';
import { addUsage } from '../../../registry/storage/usage.ts';
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

  it('leave nothing behind: no override, check, usage or text of theirs, and what others have too stays', async () => {
    const { query } = registry.database;
    const own = `${LINK} ${USERS} type Own { id: ID }`;
    await registry.publish('users', `${LINK} ${USERS}`);
    await registry.publish('users', own);
    await registry.publish('users', `${LINK} ${USERS}`, { variant: 'staging' });
    const now = new Date('2026-11-25T12:00:00Z');
    for (const variant of ['current', 'staging']) {
      const common = { graphId: GRAPH, variant, actor: 'ada', createdAt: now };
      await putOverride(query, { ...common, code: 'FIELD_REMOVED', coordinate: 'Query.me', reason: 'agreed' });
      await insertCheck(query, { ...common, subgraph: 'users', status: 'PASSED', result: [], git: null });
    }
    const described = { graphId: GRAPH, hash: 'a', name: null, body: '{ me }', coordinates: ['Query.me'] };
    await putOperations(query, [{ ...described, createdAt: now }], 10);
    const operationId = (await findOperations(query, GRAPH, ['a'])).get('a') ?? 0;
    const used = { operationId, day: '2026-11-25', clientName: '', clientVersion: '', count: 1 };
    await addUsage(query, [
      { ...used, variant: 'current' },
      { ...used, variant: 'staging' },
    ]);
    expect(await remove('current')).toBe(true);
    for (const table of ['override', 'check', 'usage']) {
      const { rows } = await query.execute(`select variant from registry.${table}`);
      expect({ table, rows }).toEqual({ table, rows: [{ variant: 'staging' }] });
    }
    const kept = await readDocuments(query, [hashOf(own), hashOf(`${LINK} ${USERS}`)]);
    expect([...kept.values()]).toEqual([`${LINK} ${USERS}`]);
    expect(await registry.publish('users', own, { variant: 'staging' })).toMatchObject({ version: 2 });
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
