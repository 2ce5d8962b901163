import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { removeSubgraph } from '../../../registry/publication/remove-subgraph.ts';
import { rollBack } from '../../../registry/publication/roll-back.ts';
import { type ContractInput, upsertContract } from '../../../registry/publication/upsert-contract.ts';
import { listVersions, type VersionRow } from '../../../registry/storage/versions.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])';
const USERS = `${LINK} type Query { me: User } type User { id: ID! name: String secret: String @tag(name: "internal") }`;
const FILTER = { include: [], exclude: ['internal'], hideUnreachableTypes: false };

describeOnEachPostgres('a contract', (kind) => {
  let database: TestDatabase;
  let registries: readonly [OpenRegistry, OpenRegistry];
  let registry: OpenRegistry;

  beforeAll(async () => {
    database = await kind.create();
    registries = [await openRegistry(database.url), await openRegistry(database.url)];
    registry = registries[0];
  });
  beforeEach(async () => {
    await registry.database.query.execute('delete from registry.variant');
    await registry.current.refreshAll();
  });
  afterAll(async () => {
    for (const each of registries) await each.close();
    await database.close();
  });

  const upsert = (more: Partial<ContractInput> = {}, by = registry) =>
    upsertContract(by.publishing, {
      ...{ graphId: GRAPH, variant: 'public', sourceVariant: 'current', filter: FILTER, launch: true },
      ...{ actor: ADMINISTRATOR, ...more },
    });
  const served = (variant = 'public') => registry.current.get(GRAPH, variant);
  const versions = (variant = 'public'): Promise<readonly VersionRow[]> =>
    listVersions(registry.database.query, GRAPH, variant, { limit: 100 });

  it('is made from a variant, without what its filter hides', async () => {
    await registry.publish('users', USERS);
    expect(await upsert()).toEqual({
      ...{ version: 1, description: 'Include: none. Exclude: internal. Hide unreachable types: no.' },
    });
    expect(served()?.sdl).toMatch(/secret: String[^\n]*@inaccessible/);
    expect(await versions()).toMatchObject([{ kind: 'contract', origin: 1, errors: [], changes: [] }]);
  });

  it('is built again in the transaction of whatever changes its source', async () => {
    await registry.publish('users', USERS);
    await upsert();
    await registry.publish('orders', 'type Query { orders: Int }');
    expect(served()).toMatchObject({ version: 2, sdl: expect.stringContaining('orders: Int') });
    await removeSubgraph(registry.publishing, {
      ...{ graphId: GRAPH, variant: 'current', name: 'orders', dryRun: false, actor: ADMINISTRATOR },
    });
    await rollBack(registry.publishing, { graphId: GRAPH, variant: 'current', to: 2, actor: ADMINISTRATOR });
    expect((await versions()).map(({ origin }) => origin)).toEqual([4, 3, 2, 1]);
    const { rows } = await registry.database.query.execute(
      'select count(distinct xmin::text) as transactions from registry.version where number > 1',
    );
    expect(rows).toEqual([{ transactions: '3' }]);
  });

  it('makes no version for a change that it hides', async () => {
    await registry.publish('users', USERS);
    await upsert({ filter: { include: [], exclude: ['internal'], hideUnreachableTypes: false } });
    await registry.publish('users', 'type Query { me: Nothing }');
    expect(await versions()).toHaveLength(1);
  });

  it('keeps serving what it served when it cannot be made of its new source', async () => {
    await registry.publish('users', USERS);
    await upsert();
    const good = served();
    await registry.publish('users', `${LINK} type Query { me: Int @tag(name: "internal") }`);
    expect(served('current')?.version).toBe(2);
    expect(served()).toBe(good);
    expect((await versions())[0]).toMatchObject({ number: 2, supergraph: null, errors: [{}] });
    await registry.publish('users', USERS);
    expect((await versions())[0]).toMatchObject({ number: 3, errors: [] });
  });

  it('lets through something else when its filter is changed, at once or with the next change of its source', async () => {
    await registry.publish('users', USERS);
    await upsert();
    const other = { ...FILTER, exclude: ['other'] };
    expect(await upsert({ filter: other, launch: false, sourceVariant: null })).toMatchObject({ version: undefined });
    expect(served()).toMatchObject({ version: 1 });
    await registry.publish('users', `${USERS} type More { id: ID }`);
    expect(served()).toMatchObject({ version: 2 });
    expect(served()?.sdl).not.toMatch(/secret: String[^\n]*@inaccessible/);
    expect(await upsert({ filter: other })).toMatchObject({ version: undefined });
    expect(await upsert()).toMatchObject({ version: 3 });
  });

  it('is refused with the reason, and nothing is stored', async () => {
    expect(await upsert().catch(({ code }: { code: string }) => code)).toBe('VARIANT_UNKNOWN');
    await registry.publish('users', USERS);
    await registry.publish('users', USERS, { variant: 'other' });
    expect(await upsert({ filter: { ...FILTER, exclude: [] } })).toMatchObject({ errors: [expect.any(String)] });
    expect(await upsert({ filter: { ...FILTER, include: ['internal'] } })).toMatchObject({
      errors: [expect.any(String)],
    });
    expect(await upsert({ filter: { ...FILTER, include: ['a b'] } })).toMatchObject({ errors: [expect.any(String)] });
    expect(await upsert({ filter: { ...FILTER, include: ['none'], exclude: [] } })).toMatchObject({
      errors: [expect.any(String)],
    });
    const refused = (more: Partial<ContractInput>) => expect(upsert(more)).rejects;
    await refused({ variant: 'current' }).toMatchObject({ code: 'CONTRACT_INVALID' });
    await refused({ variant: 'other' }).toMatchObject({ code: 'CONTRACT_INVALID' });
    await refused({ sourceVariant: null }).toMatchObject({ code: 'CONTRACT_INVALID' });
    await refused({ variant: 'a b' }).toMatchObject({ code: 'NAME_INVALID' });
    expect(registry.current.isKnown(GRAPH, 'public')).toBe(false);
    await upsert();
    await refused({ variant: 'third', sourceVariant: 'public' }).toMatchObject({ code: 'CONTRACT_INVALID' });
    await expect(registry.publish('users', USERS, { variant: 'public' })).rejects.toMatchObject({
      code: 'CONTRACT_INVALID',
    });
  });

  it('has in the end what its source has, however publishes and changes of its filter race', async () => {
    await registry.publish('users', USERS);
    await Promise.all(
      Array.from({ length: 10 }, (_, number) => [
        registries[number % 2]?.publish(`s${number}`, `type Query { s${number}: Int }`),
        upsert(
          { filter: { ...FILTER, exclude: [number % 2 === 0 ? 'internal' : 'other'] } },
          registries[(number + 1) % 2],
        ),
      ]).flat(),
    );
    await upsert();
    await registry.current.refreshAll();
    const [newest] = await versions('current');
    const [contract, ...earlier] = await versions();
    expect(newest).toMatchObject({ number: 11, supergraph: expect.any(String) });
    for (let number = 0; number < 10; number++) expect(served()?.sdl).toContain(`s${number}: Int`);
    expect(served()?.sdl).toMatch(/secret: String[^\n]*@inaccessible/);
    expect(contract?.origin).toBe(11);
    expect([...earlier.map(({ origin }) => origin ?? 0)].reverse()).toEqual(
      earlier.map(({ origin }) => origin ?? 0).sort((a, b) => a - b),
    );
  }, 60_000);
});
