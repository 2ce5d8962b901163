import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createPersistedList, deleteList, setListVariants } from '../../../registry/publication/persisted-lists.ts';
import { listAuditEntries } from '../../../registry/storage/audit-entries.ts';
import { listPersistedLists, readListOfVariant } from '../../../registry/storage/persisted-queries.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

describeOnEachPostgres('lists of persisted operations and their variants', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
    for (const variant of ['current', 'staging'])
      await registry.publish('users', 'type Query { me: Int }', { variant });
  });
  beforeEach(async () => {
    await registry.database.query.execute('delete from registry.persisted_query_list');
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const common = { graphId: GRAPH, actor: ADMINISTRATOR };
  const create = (name: string, variants: string[]) =>
    createPersistedList(registry.publishing, { ...common, name, variants });
  const servedBy = async (variant: string) => (await readListOfVariant(registry.database.query, GRAPH, variant))?.name;

  it('are made for variants that are there, one list for each', async () => {
    const { id } = await create('web', ['current']);
    await expect(create('apps', ['current'])).rejects.toThrow(`shop@current serves the list "web" (${id}) already`);
    await expect(create('apps', ['curent'])).rejects.toThrow('shop has no variant "curent"; it has current, staging.');
    await expect(create(' ', [])).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await listPersistedLists(registry.database.query, GRAPH)).toMatchObject([{ name: 'web', revision: 0 }]);
  });

  it('that are made for one variant at once are one', async () => {
    const outcomes = await Promise.allSettled(['web', 'apps'].map((name) => create(name, ['current', 'staging'])));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are a hundred of a graph at most', async () => {
    const { query } = registry.database;
    await query.execute(`insert into registry.persisted_query_list (graph_id, name, variants, created_at)
      select '${GRAPH}', 'l' || number, '{}', now() from generate_series(1, 99) number`);
    const outcomes = await Promise.allSettled([create('web', []), create('apps', [])]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(create('more', [])).rejects.toThrow(
      'shop has 100 lists of operations, and the registry takes no more.',
    );
    const [list] = await listPersistedLists(query, GRAPH);
    await deleteList(registry.publishing, { ...common, listId: list?.id ?? '' });
    await create('more', []);
  });

  it('go from variant to variant', async () => {
    const web = await create('web', ['current']);
    const apps = await create('apps', ['staging']);
    const set = (listId: string, variants: string[]) =>
      setListVariants(registry.publishing, { ...common, listId }, variants);
    await expect(set(apps.id, ['current', 'staging'])).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await set(web.id, []);
    expect(await set(apps.id, ['current', 'staging'])).toMatchObject({ variants: ['current', 'staging'] });
    expect([await servedBy('current'), await servedBy('staging')]).toEqual(['apps', 'apps']);
    await expect(set('nonsense', [])).rejects.toThrow(`shop has no list "nonsense"; it has ${web.id} (web), `);
    const [entry] = await listAuditEntries(registry.database.query, { graphId: GRAPH, limit: 1 });
    expect(entry).toMatchObject({ action: 'persisted-queries.link', details: { name: 'apps' } });
  });

  it('are deleted, and their variants free for others', async () => {
    const { id: listId } = await create('web', ['current']);
    await deleteList(registry.publishing, { ...common, listId });
    await expect(deleteList(registry.publishing, { ...common, listId })).rejects.toThrow('it has none');
    expect(await servedBy('current')).toBeUndefined();
    await create('apps', ['current']);
  });
});
