import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { upsertContract } from '../../../registry/publication/upsert-contract.ts';
import { putOverride } from '../../../registry/storage/overrides.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers.ts';
import { NOW, type OpenChecking, openChecking, taskOf } from '../support/open-checking.ts';
import { ADMINISTRATOR, GRAPH } from '../support/open-registry.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])';
const shop = (fields: string, more = '') => `${LINK} type Query { ${fields} } ${more}`;
const SHOP = shop('open: Int @tag(name: "partner") closed: Int');

describe('the contracts of a checked variant', () => {
  let database: TestDatabase;
  let registry: OpenChecking;

  beforeAll(async () => {
    database = await createTestDatabase();
    registry = await openChecking(database.url);
    await registry.publish('shop', SHOP);
    const filter = { include: ['partner'], exclude: [], hideUnreachableTypes: true };
    const made = await upsertContract(registry.publishing, {
      ...{ graphId: GRAPH, variant: 'partners', sourceVariant: 'current', filter, launch: true, actor: ADMINISTRATOR },
    });
    expect(made).not.toHaveProperty('errors');
    await registry.report('{ closed open }');
    await registry.report('query Partner { open }', { variant: 'partners', client: { name: 'acme', version: '' } });
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  it('pass where their clients lose nothing', async () => {
    const record = await registry.check('shop', shop('open: Int @tag(name: "partner") closed: Int more: Int'));
    expect(record.status).toBe('PASSED');
    expect(taskOf(record, 'downstream').results).toEqual([{ variant: 'partners', fails: false, errors: [] }]);
  });

  it('fail where one of their clients loses something, though the source keeps it', async () => {
    const proposed = shop('open: Int closed: Int other: Int @tag(name: "partner")');
    const record = await registry.check('shop', proposed);
    expect(record.status).toBe('FAILED');
    expect(taskOf(record, 'operations').changes.map(({ severity }) => severity)).toEqual(['NOTICE']);
    expect(taskOf(record, 'downstream').results).toEqual([
      {
        ...{ variant: 'partners', fails: true },
        errors: [
          {
            ...{ code: 'FIELD_REMOVED', locations: [] },
            message: 'type `Query`: field `open` removed; used by operation `Partner` of client `acme` (1 request)',
          },
        ],
      },
    ]);
    const change = { graphId: GRAPH, variant: 'partners', code: 'FIELD_REMOVED', coordinate: 'Query.open' };
    await putOverride(registry.database.query, { ...change, reason: 'agreed', actor: 'ada', createdAt: NOW });
    expect((await registry.check('shop', proposed)).status).toBe('PASSED');
  });

  it('fail where they can no longer be made', async () => {
    const record = await registry.check(
      'shop',
      shop('open: Open @tag(name: "partner") closed: Int', 'type Open { at: Int }'),
    );
    expect(taskOf(record, 'downstream').results).toMatchObject([
      { variant: 'partners', fails: true, errors: [{ code: 'REFERENCED_INACCESSIBLE' }] },
    ]);
    expect(record.status).toBe('FAILED');
  });
});
