import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { composeProposal, proposeSubgraph } from '../../../registry/publication/propose-subgraph.ts';
import { listVersions } from '../../../registry/storage/versions.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const USERS = 'type Query { me: User } type User { id: ID! name: String }';

describeOnEachPostgres('a proposal', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
    await registry.publish('users', USERS);
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const propose = async (name: string, sdl: string, variant = 'current') => {
    const proposal = await proposeSubgraph(registry.publishing, { graphId: GRAPH, variant, name, url: null, sdl });
    return { ...proposal, composition: await composeProposal(registry.publishing, proposal) };
  };

  it('is composed with what is published, and nothing is written', async () => {
    const served = registry.current.get(GRAPH, 'current');
    const { composition, before } = await propose('users', `${USERS} extend type User { more: Int }`);
    expect(composition).toMatchObject({ supergraphSdl: expect.stringContaining('more: Int') });
    expect(composition).toMatchObject({ supergraphSdl: expect.stringContaining('http://users.test') });
    expect(before).toEqual({ supergraphSdl: served?.sdl, subgraphSdl: USERS });
    expect(registry.current.get(GRAPH, 'current')).toBe(served);
    expect(await listVersions(registry.database.query, GRAPH, 'current', { limit: 9 })).toHaveLength(1);
    const { rowCount } = await registry.database.query.execute('select hash from registry.document');
    expect(rowCount).toBe(2);
  });

  it('may be of a subgraph that is not there yet, or not compose', async () => {
    const { composition, before } = await propose('orders', 'type Query { orders: Nothing }');
    expect(composition).toMatchObject({ errors: [{ code: expect.any(String) }] });
    expect(before.subgraphSdl).toBeUndefined();
  });

  it('is refused like a publish', async () => {
    await expect(propose('users', 'type')).rejects.toMatchObject({ code: 'SCHEMA_INVALID' });
    await expect(propose('us ers', USERS)).rejects.toMatchObject({ code: 'NAME_INVALID' });
    await expect(propose('users', USERS, 'other')).rejects.toMatchObject({ code: 'VARIANT_UNKNOWN' });
    await expect(propose('users', `# ${'x'.repeat(100_000)}`)).rejects.toMatchObject({ code: 'SCHEMA_TOO_LARGE' });
  });
});
