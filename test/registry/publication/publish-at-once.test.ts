import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { listVersions } from '../../../registry/storage/versions.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const NAMES = Array.from({ length: 20 }, (_, number) => `s${number}`);

describeOnEachPostgres('twenty publishes at once', (kind) => {
  let database: TestDatabase;
  let registries: readonly OpenRegistry[];

  beforeAll(async () => {
    database = await kind.create();
    registries = [await openRegistry(database.url), await openRegistry(database.url)];
  });
  afterAll(async () => {
    for (const registry of registries) await registry.close();
    await database.close();
  });

  /** @param variant of this test */
  async function expectAll(variant: string, among: readonly OpenRegistry[]): Promise<void> {
    const outcomes = await Promise.all(
      NAMES.map((name, number) =>
        among[number % among.length]?.publish(
          name,
          `type Query { ${name}: Int } type ${name.toUpperCase()} { id: ID }`,
          { variant },
        ),
      ),
    );
    expect(outcomes.map((outcome) => outcome?.version).sort((a = 0, b = 0) => a - b)).toEqual(
      NAMES.map((_, number) => number + 1),
    );
    const [registry] = among;
    if (registry === undefined) throw new TypeError('no registry');
    const versions = await listVersions(registry.database.query, GRAPH, variant, { limit: 100 });
    expect(versions.map(({ number, subgraphs }) => [number, subgraphs.length])).toEqual(
      NAMES.map((_, number) => [20 - number, 20 - number]),
    );
    await registry.current.refreshAll();
    const sdl = registry.current.get(GRAPH, variant)?.sdl ?? '';
    for (const name of NAMES) expect(sdl).toContain(`graph: ${name.toUpperCase()}`);
    expect(registry.current.get(GRAPH, variant)?.version).toBe(20);
  }

  it('are twenty versions, and the last has all of them', () => expectAll('one', registries.slice(0, 1)));

  it('are so also when two processes share the database', () => expectAll('two', registries), 60_000);

  it('of the same text are one version', async () => {
    const outcomes = await Promise.all(
      NAMES.map((_, number) => registries[number % 2]?.publish('one', 'type Query { one: Int }')),
    );
    expect(outcomes.filter((outcome) => outcome?.version !== undefined)).toHaveLength(1);
    await registries[0]?.current.refreshAll();
    expect(registries[0]?.current.get(GRAPH, 'current')?.version).toBe(1);
  });
});
