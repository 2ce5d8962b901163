import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readReadme, writeReadme } from '../../../registry/storage/readme.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

describeOnEachPostgres('the readme of a variant', (kind) => {
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

  it('is empty until it is written, stays when something is published, and is none without the variant', async () => {
    const { query } = registry.database;
    const updatedAt = new Date('2026-11-25T12:00:00.123Z');
    expect(await readReadme(query, GRAPH, 'current')).toBeUndefined();
    expect(await writeReadme(query, GRAPH, 'current', { content: 'lost', updatedAt })).toBe(false);
    await registry.publish('users', 'type Query { me: Int }');
    expect(await readReadme(query, GRAPH, 'current')).toEqual({ content: '', updatedAt: null });
    expect(await writeReadme(query, GRAPH, 'current', { content: '# Größe 🚀\n', updatedAt })).toBe(true);
    await registry.publish('users', 'type Query { me: String }');
    expect(await readReadme(query, GRAPH, 'current')).toEqual({ content: '# Größe 🚀\n', updatedAt });
  });
});
