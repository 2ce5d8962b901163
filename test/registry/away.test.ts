import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createKeys, type Keys } from '../../registry/access/keys.ts';
import { rollBack } from '../../registry/publication/roll-back.ts';
import { describeOnPostgresServer, type TestDatabase } from '../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { until } from '../support/until.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from './support/open-registry.ts';

describeOnPostgresServer('a registry whose database is away', (create) => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let registry: OpenRegistry;
  /** Reaches the database all the time. */
  let other: OpenRegistry;
  let keys: Keys;
  let now: number;

  beforeAll(async () => {
    database = await create();
    proxy = await startTcpProxy(Number(new URL(database.url).port || 5432));
    other = await openRegistry(database.url);
    registry = await openRegistry(throughProxy(database.url, proxy));
  });
  beforeEach(async () => {
    now = Date.now();
    keys = createKeys({ database: registry.database, now: () => new Date(now) });
    await other.database.query.execute('delete from registry.variant');
    await registry.current.refreshAll();
    await registry.publish('users', 'type Query { me: Int }');
  });
  afterEach(() => {
    proxy.isCut = false;
  });
  afterAll(async () => {
    await registry.close();
    await other.close();
    await proxy.close();
    await database.close();
  });

  const goAway = () => {
    proxy.isCut = true;
    proxy.cutAll();
  };

  /** Whose it is, as soon as the database answers again. */
  const identifiedBy = async (secret: string) => {
    const { principal } = await until(() =>
      keys.identify(secret).then(
        (principal) => ({ principal }),
        (error: { readonly code?: unknown }) => {
          if (error.code !== 'DATABASE_UNAVAILABLE') throw error;
          return undefined;
        },
      ),
    );
    return principal;
  };

  it('serves from memory, publishes nothing and says so, and goes on by itself', async () => {
    const served = registry.current.get(GRAPH, 'current');
    goAway();
    const publish = () => registry.publish('users', 'type Query { me: String }');
    await expect(publish()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    const back = rollBack(registry.publishing, { graphId: GRAPH, variant: 'current', to: 1, actor: ADMINISTRATOR });
    await expect(back).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await registry.current.refresh(GRAPH, 'current');
    expect(registry.current.get(GRAPH, 'current')).toBe(served);
    proxy.isCut = false;
    expect(await publish()).toMatchObject({ version: 2 });
    expect(registry.current.get(GRAPH, 'current')?.version).toBe(2);
  });

  it('sees by itself what others have published meanwhile', async () => {
    goAway();
    await other.publish('users', 'type Query { me: String }');
    await registry.current.refresh(GRAPH, 'current');
    expect(registry.current.get(GRAPH, 'current')?.version).toBe(1);
    proxy.isCut = false;
    await until(() => registry.current.get(GRAPH, 'current')?.version === 2);
  });

  it('knows the keys it knew, for as long as it takes, and no others', async () => {
    const input = {
      name: 'team',
      graphId: GRAPH,
      variant: null,
      subgraph: null,
      verbs: ['read'],
      expiresAt: null,
    } as const;
    const { secret } = await keys.create(input, ADMINISTRATOR);
    const { id, secret: revoked } = await keys.create({ ...input, name: 'revoked' }, ADMINISTRATOR);
    expect(await keys.identify(secret)).toMatchObject({ name: expect.stringMatching(/^team \(/) });
    expect(await keys.identify(revoked)).toMatchObject({ name: expect.stringMatching(/^revoked \(/) });
    await keys.revoke(id, ADMINISTRATOR);
    goAway();
    now += 3_600_000;
    expect(await keys.identify(secret)).toMatchObject({ name: expect.stringMatching(/^team \(/) });
    await expect(keys.identify(revoked)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(keys.identify(`${secret}x`)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    keys.forget();
    expect(await keys.identify(secret)).toMatchObject({ name: expect.stringMatching(/^team \(/) });
    proxy.isCut = false;
    expect(await identifiedBy(`${secret}x`)).toBeUndefined();
    expect(await identifiedBy(revoked)).toBeUndefined();
  });

  it('knows the keys it knew at once while the database takes questions and answers none', async () => {
    const { secret } = await keys.create(
      { name: 'team', graphId: GRAPH, variant: null, subgraph: null, verbs: ['read'], expiresAt: null },
      ADMINISTRATOR,
    );
    expect(await keys.identify(secret)).toMatchObject({ name: expect.stringMatching(/^team \(/) });
    const held: (() => void)[] = [];
    proxy.onReply = (_chunk, cut) => {
      held.push(cut);
      return undefined;
    };
    // There is no timeout here: whoever waited for an answer would wait for ever.
    for (let poll = 0; poll < 3; poll++) {
      now += 60_000;
      expect(await keys.identify(secret)).toMatchObject({ name: expect.stringMatching(/^team \(/) });
    }
    expect(held.length).toBeGreaterThan(0);
    proxy.onReply = (chunk) => chunk;
    for (const cut of held) cut();
    proxy.cutAll();
    await other.database.query.execute(`update registry.key set revoked_at = now() where name = 'team'`);
    expect(await until(async () => (await keys.identify(secret)) === undefined)).toBe(true);
  });

  it('publishes wholly or not at all when the connection breaks in the middle', async () => {
    // Each reply of the server in turn is the one at which the connection breaks.
    for (let breaksAt = 1, isOver = false; !isOver; breaksAt++) {
      let replies = 0;
      proxy.onReply = (chunk, cut) => {
        if (++replies !== breaksAt) return chunk;
        cut();
        return undefined;
      };
      const sdl = `type Query { at${breaksAt}: Int }`;
      const outcome = await registry.publish('users', sdl).catch(({ code }: { code: string }) => code);
      isOver = replies < breaksAt;
      proxy.onReply = (chunk) => chunk;
      if (typeof outcome === 'string') expect(outcome).toBe('DATABASE_UNAVAILABLE');
      await other.current.refreshAll();
      const { sdl: served = '' } = other.current.get(GRAPH, 'current') ?? {};
      const isThere = served.includes(`at${breaksAt}: Int`);
      expect(await other.publish('users', sdl)).toMatchObject({ wasUpdated: !isThere });
    }
  }, 60_000);
});
