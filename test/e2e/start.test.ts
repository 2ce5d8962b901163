import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProcess, type TestProcess } from '../support/process.ts';
import { type Answer, postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

const FREE_PORTS = {
  USERS_HTTP_PORT: '0',
  ORDERS_HTTP_PORT: '0',
  PRODUCTS_HTTP_PORT: '0',
  NOTIFICATIONS_HTTP_PORT: '0',
  GATEWAY_HTTP_PORT: '0',
  GATEWAY_ADMIN_PORT: '0',
  REGISTRY_HTTP_PORT: '0',
};

const LESSON = '{ me { name email orders { id total } notifications { message } } }';

interface Lesson {
  readonly me: {
    readonly name: string;
    readonly email: string;
    readonly orders: { id: string; total: string }[];
    readonly notifications: { message: string }[];
  };
}

describe('npm start', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-start-'));
  const environment = { ...FREE_PORTS, TRIBUTARY_DATA_DIR: directory };
  let system: TestProcess;
  let endpoint: string;

  const start = async () => {
    system = startProcess('start.ts', { environment });
    endpoint = /Endpoint +(\S+)/.exec(await system.output.find(/Endpoint/))?.[1] ?? '';
    await system.output.find(/Ctrl-C stops it/);
  };

  const logIn = async (email: string): Promise<Record<string, string>> => {
    const { body } = await postQuery(
      endpoint,
      'mutation($email: String!) { login(email: $email, password: "analytical-engine") { accessToken } }',
      { variables: { email } },
    );
    const { login } = body.data as { login: { accessToken: string } };
    return { authorization: `Bearer ${login.accessToken}` };
  };

  const lesson = async (headers: Record<string, string>): Promise<Lesson> => {
    const { body }: Answer = await postQuery(endpoint, LESSON, { headers });
    expect(body.errors).toBeUndefined();
    return body.data as unknown as Lesson;
  };

  const registry = () => /APOLLO_REGISTRY_URL=(\S+)/.exec(system.output.all.join('\n'))?.[1] ?? '';
  const fields = async () => {
    const { body } = await postQuery(endpoint, '{ __type(name: "Query") { fields { name } } }');
    return (body.data as { __type: { fields: { name: string }[] } }).__type.fields.map(({ name }) => name);
  };

  beforeAll(start, 60_000);
  afterAll(async () => {
    await system.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('prints one screen with the addresses, the demo users and a query to paste', () => {
    const screen = system.output.all.join('\n');
    for (const part of [
      'Explorer',
      'ada@example.com',
      'admin@example.com',
      'analytical-engine',
      'orders { id total }',
      'DATABASE_URL',
      'REDIS_URL',
      `APOLLO_KEY=$(cat ${join(directory, 'registry-admin-key')})`,
    ]) {
      expect(screen).toContain(part);
    }
    expect(system.output.all.length).toBeLessThan(40);
  });

  it('answers the lesson’s query from three services', async () => {
    const { me } = await lesson(await logIn('ada@example.com'));
    expect([me.name, me.email]).toEqual(['Ada Lovelace', 'ada@example.com']);
    expect(me.orders.length).toBeGreaterThanOrEqual(3);
    for (const { total } of me.orders) expect(total).toMatch(/^\d+\.\d\d$/);
    expect(me.notifications.length).toBeGreaterThanOrEqual(2);
  });

  it('has nobody behind an anonymous caller', async () => {
    expect((await postQuery(endpoint, '{ me { name } }')).body).toEqual({ data: { me: null } });
  });

  it('makes a notification when an order is placed', async () => {
    const headers = await logIn('grace@example.com');
    const before = await lesson(headers);
    const { body: found } = await postQuery(endpoint, '{ product(sku: "TRB-0001") { id price } }');
    const { product } = found.data as { product: { id: string; price: string } };
    const { body } = await postQuery(
      endpoint,
      'mutation($id: ID!) { placeOrder(idempotencyKey: "first-light", lines: [{ productId: $id, quantity: 2 }]) { id status total lines { quantity product { name } } user { name } } }',
      { headers, variables: { id: product.id } },
    );
    expect(body).toMatchObject({
      data: {
        placeOrder: {
          status: 'PLACED',
          total: '25.00',
          lines: [{ quantity: 2, product: { name: 'Brass gear' } }],
          user: { name: 'Grace Hopper' },
        },
      },
    });
    const { me } = await until(async () => {
      const now = await lesson(headers);
      return now.me.notifications.length > before.me.notifications.length && now;
    });
    expect(me.orders).toHaveLength(before.me.orders.length + 1);
    expect(me.notifications[0]?.message).toContain('25.00 EUR');
  });

  it('shows an administrator all users, and a customer an error', async () => {
    const query = '{ users(first: 3) { edges { node { name orders(first: 1) { id } } } pageInfo { hasNextPage } } }';
    const { body } = await postQuery(endpoint, query, { headers: await logIn('admin@example.com') });
    expect(body.data).toMatchObject({ users: { edges: [{}, {}, {}], pageInfo: { hasNextPage: true } } });
    const { body: refused } = await postQuery(endpoint, query, { headers: await logIn('ada@example.com') });
    expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it('shows clients no type of federation or caching', async () => {
    const { body } = await postQuery(
      endpoint,
      '{ __schema { types { name } directives { name } queryType { fields { name } } } }',
    );
    const text = JSON.stringify(body);
    expect(text).toContain('"Product"');
    expect(text).not.toMatch(
      /_Service|_Entity|_Any|FieldSet|join__|link__|core__|CacheControl|"_entities"|"_service"|federation__/,
    );
  });

  it('serves what rover publishes to its registry', async () => {
    const listing = join(directory, 'supergraph.yaml');
    const schema = readFileSync('subgraphs/orders/schema.graphql', 'utf8');
    writeFileSync(join(directory, 'orders.graphql'), `${schema}\nextend type Query { unshipped: [Order!] }\n`);
    writeFileSync(
      listing,
      'federation_version: =2.14.4\nsubgraphs: { orders: { routing_url: "http://localhost:4102/graphql", schema: { file: orders.graphql } } }\n',
    );
    const publish = (name: string) =>
      startProcess('scripts/publish.ts', {
        args: [name, '--supergraph', listing],
        environment: { TRIBUTARY_DATA_DIR: directory, APOLLO_REGISTRY_URL: registry() },
      });

    const wrong = publish('carts');
    expect(await wrong.exitCode).toBe(1);
    expect(wrong.output.all[0]).toContain('has no subgraph "carts". It has: orders.');
    const published = publish('orders');
    expect([await published.exitCode, published.output.all.join('\n')]).toEqual([
      0,
      expect.stringMatching(/The 'orders' subgraph in 'tributary@current' was updated/),
    ]);
    await until(async () => (await fields()).includes('unshipped'));
  }, 60_000);

  it('stops cleanly on Ctrl-C, and when it starts again has its data and what was published', async () => {
    const headers = await logIn('grace@example.com');
    const { me: before } = await lesson(headers);
    system.kill('SIGINT');
    expect(await system.exitCode).toBe(0);
    await start();
    const { me: after } = await lesson(await logIn('grace@example.com'));
    expect(after).toEqual(before);
    expect(await fields()).toContain('unshipped');
    expect(system.output.all.join('\n')).toContain('npm run publish -- orders');
    expect(statSync(join(directory, 'gateway', 'registry-key')).mode & 0o777).toBe(0o600);
  }, 60_000);

  it('refuses a data directory that a running system holds, and names that system', async () => {
    const second = startProcess('start.ts', { environment });
    expect(await second.exitCode).toBe(1);
    expect(second.output.all.join('\n')).toContain(`in use by process ${system.processId}`);
  });

  it('tells all that is wrong with its configuration at once, in plain words', async () => {
    const wrong = {
      ORDERS_HTTP_PORT: 'abc',
      GATEWAY_HTTP_PORT: '99999',
      REDIS_URL: 'hello',
      TRIBUTARY_DATA_DIR: join(directory, 'other'),
    };
    const refused = startProcess('start.ts', { environment: wrong });
    expect(await refused.exitCode).toBe(1);
    const output = refused.output.all.join('\n');
    for (const part of [
      'orders: http.port (ORDERS_HTTP_PORT)',
      'gateway: http.port (GATEWAY_HTTP_PORT)',
      'REDIS_URL',
      'redis://HOST:PORT',
    ]) {
      expect(output).toContain(part);
    }
    expect(output).not.toContain('"stack"');
  });
});
