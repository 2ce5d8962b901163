import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Principal } from '../../../registry/access/principal.ts';
import { publishSubgraph } from '../../../registry/publication/publish-subgraph.ts';
import type { Publishing } from '../../../registry/publication/publishing.ts';
import { rollBack } from '../../../registry/publication/roll-back.ts';
import { listAuditEntries } from '../../../registry/storage/audit-entries.ts';
import { listDeliveries } from '../../../registry/storage/deliveries.ts';
import { recordCheck, recordVersion } from '../../../registry/webhook/record.ts';
import { createWebhook, deleteWebhook, listWebhooks, type WebhookInput } from '../../../registry/webhook/webhooks.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const SCHEMA = 'type Query { me: Int }';

describeOnEachPostgres('webhooks', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url, { onVersion: recordVersion });
  });
  beforeEach(async () => {
    await registry.database.query.execute('delete from registry.webhook');
    await registry.database.query.execute('delete from registry.variant');
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  const create = (more: Partial<WebhookInput> = {}) =>
    createWebhook(registry.publishing, {
      ...{ graphId: GRAPH, variant: null, url: 'https://hook.test/path?key=1', events: ['version.published'] },
      ...{ actor: ADMINISTRATOR, ...more },
    });
  const bodies = async (id: string) =>
    (await listDeliveries(registry.database.query, id, 99)).map(({ body }) => body).reverse();

  it('are made by administrators, shown without their secrets, and deleted', async () => {
    await registry.publish('users', SCHEMA);
    const { id, secret } = await create({ variant: 'current' });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const listed = await listWebhooks(registry.publishing, { graphId: GRAPH, actor: ADMINISTRATOR });
    expect(listed).toEqual([
      {
        ...{ id, graphId: GRAPH, variant: 'current', url: 'https://hook.test/path?key=1' },
        ...{ events: ['version.published'], createdAt: expect.any(Date) },
      },
    ]);
    const remove = (graphId: string) => deleteWebhook(registry.publishing, { graphId, id, actor: ADMINISTRATOR });
    expect([await remove('other'), await remove(GRAPH), await remove(GRAPH)]).toEqual([false, true, false]);
    const entries = await listAuditEntries(registry.database.query, { graphId: GRAPH, limit: 2 });
    expect(entries.map(({ action }) => action)).toEqual(['webhook.delete', 'webhook.create']);
    expect(JSON.stringify(entries)).not.toContain('key=1');
  });

  it('are refused to others, and with addresses or events that are none', async () => {
    const team: Principal = { ...ADMINISTRATOR, verbs: ['publish', 'check', 'read'] };
    await expect(create({ actor: team })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(create({ actor: { ...ADMINISTRATOR, graphId: 'other' } })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    const listing = listWebhooks(registry.publishing, { graphId: GRAPH, actor: team });
    await expect(listing).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    for (const url of ['', 'hook', 'file:///etc/passwd', 'ftp://a.test', 'http://user:password@a.test'])
      await expect(create({ url })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(create({ events: [] })).rejects.toThrow(
      'out of VERSION_PUBLISHED, VERSION_ROLLED_BACK, CHECK_COMPLETED',
    );
    await expect(create({ graphId: 'none' })).rejects.toMatchObject({ code: 'GRAPH_UNKNOWN' });
    await expect(create({ variant: 'stagng' })).rejects.toMatchObject({ code: 'VARIANT_UNKNOWN' });
  });

  it('are to be told of what they want to hear, of their variant', async () => {
    const all = await create({ events: ['version.published', 'version.rolledBack', 'check.completed'] });
    await registry.publish('orders', 'type Query { orders: Int }', { variant: 'staging' });
    await registry.database.query.execute('delete from registry.delivery');
    const staging = await create({ variant: 'staging' });
    const rollbacks = await create({ events: ['version.rolledBack'] });
    await registry.publish('users', SCHEMA);
    await registry.publish('users', 'type Query { me: Nothing }');
    await registry.publish('users', SCHEMA, { variant: 'staging' });
    await rollBack(registry.publishing, { graphId: GRAPH, variant: 'current', to: 1, actor: ADMINISTRATOR });
    await recordCheck(registry.database.query, {
      ...{ id: 'c', graphId: GRAPH, variant: 'current', subgraph: 'users', status: 'FAILED', actor: 'ci' },
      createdAt: new Date(),
    });
    expect(await bodies(all.id)).toMatchObject([
      { type: 'version.published', data: { graph: GRAPH, variant: 'current', version: 1, hasComposed: true } },
      {
        type: 'version.published',
        data: { version: 2, kind: 'publish', subgraph: 'users', hasComposed: false, errors: [{}] },
      },
      { type: 'version.published', data: { variant: 'staging', version: 2, changes: { total: 1, breaking: 0 } } },
      { type: 'version.rolledBack', data: { variant: 'current', version: 3, origin: 1, actor: 'administrator' } },
      { type: 'check.completed', data: { check: 'c', status: 'FAILED', subgraph: 'users', actor: 'ci' } },
    ]);
    expect(await bodies(staging.id)).toMatchObject([{ data: { variant: 'staging' } }]);
    expect(await bodies(rollbacks.id)).toMatchObject([{ type: 'version.rolledBack' }]);
  });

  it('are told of nothing that was not written', async () => {
    const { id } = await create();
    const failing: Publishing = {
      ...registry.publishing,
      onVersion: async (transaction, version) => {
        await recordVersion(transaction, version);
        throw new Error('as asked');
      },
    };
    const input = { graphId: GRAPH, variant: 'current', name: 'users', sdl: SCHEMA, url: null, git: null };
    await expect(publishSubgraph(failing, { ...input, actor: ADMINISTRATOR })).rejects.toThrow('as asked');
    expect(await bodies(id)).toEqual([]);
  });
});
