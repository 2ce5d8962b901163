import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  holdPersistedList,
  insertPersistedList,
  listPersistedOperations,
  type PersistedOperationRow,
  putPersistedOperations,
  readListOfVariant,
  readPersistedList,
} from '../../../registry/storage/persisted-queries.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

describeOnEachPostgres('lists of persisted operations', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  let listId: string;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
    const row = { graphId: GRAPH, name: 'clients', variants: ['current', 'staging'], createdAt: new Date() };
    listId = (await insertPersistedList(registry.database.query, row)).id;
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const operation = (id: string, more: Partial<PersistedOperationRow> = {}): PersistedOperationRow => ({
    ...{ listId, id, clientName: '', name: id, type: 'QUERY', body: `query ${id} { a }`, isActive: true, ...more },
  });

  it('are found by their id, or by a variant that serves them', async () => {
    const { query } = registry.database;
    expect(await readListOfVariant(query, GRAPH, 'staging')).toMatchObject({ id: listId, revision: 0 });
    expect(await readListOfVariant(query, GRAPH, 'other')).toBeUndefined();
    expect(await readPersistedList(query, GRAPH, listId)).toMatchObject({ name: 'clients' });
    expect(await readPersistedList(query, 'other', listId)).toBeUndefined();
    expect(await readPersistedList(query, GRAPH, 'no id')).toBeUndefined();
  });

  it('take thousands at once, write over those of the same id and client, and count their revision up', async () => {
    const { query } = registry.database;
    const many = Array.from({ length: 2_500 }, (_, number) => operation(`o${number}`));
    expect(await putPersistedOperations(query, listId, many)).toEqual({ revision: 1 });
    const changed = [operation('o1', { isActive: false }), operation('o1', { clientName: 'web', name: 'Other' })];
    expect(await putPersistedOperations(query, listId, changed)).toEqual({ revision: 2 });
    const all = await listPersistedOperations(query, listId);
    expect(all).toHaveLength(2_501);
    expect(all.filter(({ id }) => id === 'o1')).toEqual(changed);
  });

  it('change by one at a time', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () =>
        registry.database.query.transaction(async (transaction) => {
          await holdPersistedList(transaction, listId);
          const { revision = 0 } = (await readPersistedList(transaction, GRAPH, listId)) ?? {};
          const body = `query Counted { n${revision} }`;
          await putPersistedOperations(transaction, listId, [operation('counted', { body })]);
        }),
      ),
    );
    const list = await readPersistedList(registry.database.query, GRAPH, listId);
    const counted = (await listPersistedOperations(registry.database.query, listId)).find(({ id }) => id === 'counted');
    expect(list?.revision).toBe(12);
    expect(counted?.body).toBe('query Counted { n11 }');
  });
});
