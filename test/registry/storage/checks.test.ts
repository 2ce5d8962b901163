import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { insertCheck, isInNewestChecks } from '../../../registry/storage/checks.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

describeOnEachPostgres('the results of checks', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
    for (const [day, coordinate] of ['User.first', 'User.second', 'User.third'].entries())
      await insertCheck(registry.database.query, {
        ...{ graphId: GRAPH, variant: 'current', subgraph: 'users', status: 'FAILED', git: null, actor: 'ada' },
        result: [
          { kind: 'lint' },
          { kind: 'operations', changes: [{ coordinate: 'User', code: 'A' }, { coordinate }] },
        ],
        createdAt: new Date(Date.UTC(2026, 10, 20 + day)),
      });
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  it('are looked through, the newest ones of a variant', async () => {
    const isIn = (coordinate: string, { variant = 'current', kind = 'operations', most = 2 } = {}) =>
      isInNewestChecks(registry.database.query, GRAPH, variant, [{ kind, changes: [{ coordinate }] }], most);
    expect(await isIn('User.third')).toBe(true);
    expect(await isIn('User.second')).toBe(true);
    expect(await isIn('User.first')).toBe(false);
    expect(await isIn('User.first', { most: 3 })).toBe(true);
    expect(await isIn('User.fourth', { most: 3 })).toBe(false);
    expect(await isIn('User.third', { variant: 'staging' })).toBe(false);
    expect(await isIn('User.third', { kind: 'lint' })).toBe(false);
  });
});
