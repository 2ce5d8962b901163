import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeys } from '../../../registry/access/keys.ts';
import { createSessions } from '../../../registry/access/sessions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';

const OWN = { 'content-type': 'application/json', 'x-tributary-console': '1' };

describe('signing in to the console', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry({ publicUrl: 'https://registry.example.com' });
  });
  afterAll(() => registry.close());

  const send = (method: string, path: string, headers: Record<string, string>, body: unknown = {}) =>
    fetch(`${registry.url}${path}`, { method, headers, body: JSON.stringify(body) });
  const signIn = async (key = ADMIN_KEY) => {
    const response = await send('POST', '/session', OWN, { key });
    return { response, cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
  };
  const viewer = async (headers: Record<string, string>) => {
    const response = await send(
      'POST',
      '/graphql',
      { 'content-type': 'application/json', ...headers },
      {
        ...{ query: '{ viewer { name verbs } }' },
      },
    );
    return ((await response.json()) as { data: { viewer: { name: string } | null } }).data.viewer?.name;
  };

  it('gives a cookie that no script reads and no other site sends, which is not the key', async () => {
    const { response, cookie } = await signIn();
    expect(response.headers.get('set-cookie')).toMatch(
      /^tributary_registry_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await viewer({ ...OWN, cookie })).toMatch(/^administrator /);
    expect(await viewer({ 'x-api-key': cookie.split('=')[1] ?? '' })).toBeUndefined();
  });

  it('counts with the console alone: another page of the same host sends the cookie, and not the header', async () => {
    const { cookie } = await signIn();
    expect(await viewer({ cookie })).toBeUndefined();
    expect((await send('POST', '/session', { 'content-type': 'application/json' }, { key: ADMIN_KEY })).status).toBe(
      400,
    );
    const asked = await fetch(`${registry.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        ...{ origin: 'http://127.0.0.1:4000', 'access-control-request-method': 'POST' },
        'access-control-request-headers': 'x-tributary-console',
      },
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    expect(asked.headers.get('access-control-allow-headers')).toBeNull();
  });

  it('is refused without a key that is known', async () => {
    const { response, cookie } = await signIn('somebody else');
    expect([response.status, cookie]).toEqual([401, '']);
    expect((await send('POST', '/session', OWN, { key: '' })).status).toBe(400);
  });

  it('ends at the registry when somebody signs out', async () => {
    const { cookie } = await signIn();
    const left = await send('DELETE', '/session', { ...OWN, cookie });
    expect(left.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(await viewer({ ...OWN, cookie })).toBeUndefined();
  });

  it('ends when the key is revoked', async () => {
    const secret = await registry.createKey({ name: 'short', graphId: 'shop', verbs: ['read'] });
    const { cookie } = await signIn(secret);
    expect(await viewer({ ...OWN, cookie })).toMatch(/^short /);
    const { keys } = (await registry.ask('{ keys { id name } }')) as { keys: { id: string; name: string }[] };
    const id = keys.find(({ name }) => name === 'short')?.id;
    await registry.ask('mutation ($id: ID!) { revokeKey(id: $id) { id } }', { id });
    expect(await viewer({ ...OWN, cookie })).toBeUndefined();
  });

  it('gives way to a key that is sent: rover with a cookie is rover', async () => {
    const { cookie } = await signIn();
    expect(await viewer({ ...OWN, cookie, 'x-api-key': 'nobody' })).toBeUndefined();
  });

  it('is in the audit log', async () => {
    await signIn();
    expect(await registry.ask('{ audit(first: 1) { action outcome } }')).toEqual({
      audit: [{ action: 'session.begin', outcome: 'done' }],
    });
  });
});

describe('sessions', () => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  let time = Date.parse('2026-11-25T12:00:00Z');
  const now = () => new Date(time);
  beforeAll(async () => {
    database = await createTestDatabase();
    registry = await openRegistry(database.url);
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  it('last as long as they may, in all processes on the database, and are kept as hashes', async () => {
    const keys = createKeys({ database: registry.database, now });
    const input = {
      name: 'team',
      graphId: GRAPH,
      variant: null,
      subgraph: null,
      verbs: ['read'],
      expiresAt: null,
    } as const;
    const { secret } = await keys.create(input, ADMINISTRATOR);
    const [first, second] = [1, 2].map(() =>
      createSessions({ database: registry.database, keys, lastsMs: 3_600_000, now }),
    );
    const { token } = (await first?.begin(secret)) ?? { token: '' };
    expect((await second?.identify(token))?.name).toMatch(/^team /);
    const { rows } = await registry.database.query.execute('select * from registry.session');
    expect(JSON.stringify(rows)).not.toContain(token);
    time += 3_600_000;
    expect(await second?.identify(token)).toBeUndefined();
    await second?.begin(secret);
    expect((await registry.database.query.execute('select * from registry.session')).rows).toHaveLength(1);
  });
});
