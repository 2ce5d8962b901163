import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createKeys, type KeyInput, type Keys } from '../../../registry/access/keys.ts';
import type { Principal } from '../../../registry/access/principal.ts';
import { listAuditEntries } from '../../../registry/storage/audit-entries.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const INPUT: KeyInput = {
  ...{ name: 'users team', graphId: GRAPH, variant: 'current', subgraph: 'users', verbs: ['publish', 'check'] },
  expiresAt: null,
};

describeOnEachPostgres('API keys', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  let keys: Keys;
  let now: number;

  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
  });
  beforeEach(async () => {
    await registry.database.query.execute('delete from registry.key');
    now = Date.parse('2026-11-25T12:00:00Z');
    keys = createKeys({ database: registry.database, now: () => new Date(now) });
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  it('are known by their secrets, which are kept nowhere', async () => {
    const { id, secret } = await keys.create(INPUT, ADMINISTRATOR);
    expect(secret).toMatch(/^tributary:shop:[\w-]{43}$/);
    expect(await keys.identify(secret)).toEqual({
      ...{ keyId: id, name: `users team (${id.slice(0, 8)})`, graphId: GRAPH, variant: 'current', subgraph: 'users' },
      verbs: ['publish', 'check'],
    });
    for (const other of [undefined, '', `${secret}x`, secret.slice(0, -1)])
      expect(await keys.identify(other)).toBeUndefined();
    const { rows } = await registry.database.query.execute('select * from registry.key');
    expect(JSON.stringify(rows)).not.toContain(secret.slice(25));
    expect(JSON.stringify(await keys.list(GRAPH))).not.toContain('hash');
    expect(await keys.list(GRAPH)).toMatchObject([{ id, hint: `${secret.slice(0, 21)}…`, createdBy: 'administrator' }]);
    expect(await keys.list('other')).toEqual([]);
  });

  it('are remembered for ten seconds, unknown ones too', async () => {
    const { secret } = await keys.create(INPUT, ADMINISTRATOR);
    await keys.identify(secret);
    await registry.database.query.execute('update registry.key set revoked_at = now()');
    now += 9_999;
    expect(await keys.identify(secret)).toBeDefined();
    now += 1;
    expect(await keys.identify(secret)).toBeUndefined();
    await registry.database.query.execute('update registry.key set revoked_at = null');
    expect(await keys.identify(secret)).toBeUndefined();
    now += 10_000;
    expect(await keys.identify(secret)).toBeDefined();
  });

  it('are forgotten when they are revoked', async () => {
    const { id, secret } = await keys.create(INPUT, ADMINISTRATOR);
    await keys.identify(secret);
    await keys.revoke(id, ADMINISTRATOR);
    expect(await keys.identify(secret)).toBeUndefined();
    expect(await keys.list()).toMatchObject([{ revokedAt: new Date(now) }]);
    await expect(keys.revoke('nothing', ADMINISTRATOR)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const [revoked, created] = await listAuditEntries(registry.database.query, { graphId: GRAPH, limit: 2 });
    expect(created).toMatchObject({
      action: 'key.create',
      actor: 'administrator',
      details: { id, name: 'users team' },
    });
    expect(revoked).toMatchObject({ action: 'key.revoke', outcome: 'done' });
  });

  it('are renamed, which the audit log has, and are known by the new name at once', async () => {
    const { id, secret } = await keys.create(INPUT, ADMINISTRATOR);
    await keys.identify(secret);
    expect(await keys.rename(id, 'orders team', ADMINISTRATOR)).toMatchObject({ id, name: 'orders team' });
    expect(await keys.identify(secret)).toMatchObject({ name: `orders team (${id.slice(0, 8)})` });
    expect(await listAuditEntries(registry.database.query, { graphId: GRAPH, limit: 1 })).toMatchObject([
      { action: 'key.rename', actor: 'administrator', details: { id, name: 'orders team', before: 'users team' } },
    ]);
    const refused = (name: string, by = ADMINISTRATOR) => expect(keys.rename(id, name, by)).rejects;
    await refused('x'.repeat(201)).toMatchObject({ code: 'BAD_REQUEST' });
    await refused('own', { ...ADMINISTRATOR, graphId: 'other' }).toMatchObject({ code: 'ACCESS_DENIED' });
    await keys.revoke(id, ADMINISTRATOR);
    await refused('late').toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('are asked for again, all of them, when they are to be forgotten', async () => {
    const created = [await keys.create(INPUT, ADMINISTRATOR), await keys.create(INPUT, ADMINISTRATOR)];
    const known = () => Promise.all(created.map(async ({ secret }) => (await keys.identify(secret)) !== undefined));
    expect(await known()).toEqual([true, true]);
    await registry.database.query.execute('update registry.key set revoked_at = now()');
    expect(await known()).toEqual([true, true]);
    keys.forget();
    expect(await known()).toEqual([false, false]);
  });

  it('end when they expire, also while they are remembered', async () => {
    const { secret } = await keys.create({ ...INPUT, expiresAt: new Date(now + 1_000) }, ADMINISTRATOR);
    expect(await keys.identify(secret)).toBeDefined();
    now += 1_000;
    expect(await keys.identify(secret)).toBeUndefined();
  });

  it('are made by administrators of their graph alone', async () => {
    const own: Principal = { ...ADMINISTRATOR, name: 'own', graphId: GRAPH };
    await keys.create(INPUT, own);
    const refused = (input: KeyInput, by = own) => expect(keys.create(input, by)).rejects;
    await refused({ ...INPUT, graphId: 'other' }).toMatchObject({ code: 'ACCESS_DENIED' });
    await refused({ ...INPUT, graphId: null }).toMatchObject({ code: 'ACCESS_DENIED' });
    await refused(INPUT, { ...own, variant: 'current' }).toMatchObject({ code: 'ACCESS_DENIED' });
    await refused(INPUT, { ...own, verbs: ['publish'] }).toMatchObject({ code: 'ACCESS_DENIED' });
    await refused({ ...INPUT, graphId: 'other' }, ADMINISTRATOR).toMatchObject({ code: 'GRAPH_UNKNOWN' });
    await refused({ ...INPUT, name: ' ' }).toMatchObject({ code: 'BAD_REQUEST' });
    await refused({ ...INPUT, verbs: [] }).toMatchObject({ code: 'BAD_REQUEST' });
    await refused({ ...INPUT, subgraph: 'a b' }).toMatchObject({ code: 'NAME_INVALID' });
    await refused({ ...INPUT, expiresAt: new Date(now) }).toMatchObject({ code: 'BAD_REQUEST' });
    await refused({ ...INPUT, verbs: ['admin'] }).toMatchObject({ code: 'BAD_REQUEST' });
    await refused({ ...INPUT, graphId: null }).toMatchObject({ message: expect.stringContaining('for all of them') });
  });

  it('that administer everything are never revoked to the last', async () => {
    const admin: KeyInput = { ...INPUT, graphId: null, variant: null, subgraph: null, verbs: ['admin'] };
    const [one, other] = [await keys.create(admin, ADMINISTRATOR), await keys.create(admin, ADMINISTRATOR)];
    await keys.create(INPUT, ADMINISTRATOR);
    const outcomes = await Promise.allSettled([one, other].map(({ id }) => keys.revoke(id, ADMINISTRATOR)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'BAD_REQUEST', message: expect.stringContaining('last live key') },
    });
    expect((await keys.list()).filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(1);
  });
});
