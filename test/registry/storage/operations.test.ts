import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { putOperations } from '../../../registry/storage/operations.ts';
import { operation } from '../../../registry/storage/tables.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

describeOnEachPostgres('an operation that is reported again', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  it('gains coordinates, up to a bound, and keeps those that it has', async () => {
    const { query } = registry.database;
    const row = { graphId: GRAPH, hash: 'a', name: null, body: '{ a }', createdAt: new Date(0) };
    const put = async (...coordinates: readonly string[]) => {
      await putOperations(query, [{ ...row, coordinates: [...coordinates] }], 4);
      const [kept] = await query.select({ coordinates: operation.coordinates }).from(operation);
      return kept?.coordinates;
    };
    expect(await put('Query.x', 'Query.y')).toEqual(['Query.x', 'Query.y']);
    expect(await put('Query.y', 'Query.b')).toEqual(['Query.b', 'Query.x', 'Query.y']);
    expect(await put('Query.c', 'Query.a', 'Query.d')).toEqual(['Query.b', 'Query.c', 'Query.x', 'Query.y']);
    expect(await put('Query.a')).toEqual(['Query.b', 'Query.c', 'Query.x', 'Query.y']);
  });
});
