import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { ClosingStack } from '../../service/run.ts';
import { COMPOSE_SERVICES, environmentOf, OUR_SERVICES } from '../support/compose-file.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { postQuery } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

/**
 * There is no Docker where tests run, so what the containers would run is run here: the same commands with the same
 * environment, on a real Postgres with a database and a role for each service, and on a Redis with a password. Only the
 * host names become addresses of this machine.
 */

const isPossible =
  (process.env.TEST_POSTGRES_URL !== '' && process.env.TEST_REDIS_SERVER !== '') || process.env.CI === 'true';
const WITH_DATABASE = OUR_SERVICES.filter((name) => name !== 'gateway');
const SECRETS = [
  'USERS_DATABASE_PASSWORD',
  'ORDERS_DATABASE_PASSWORD',
  'PRODUCTS_DATABASE_PASSWORD',
  'NOTIFICATIONS_DATABASE_PASSWORD',
  'REGISTRY_DATABASE_PASSWORD',
  'REGISTRY_ADMIN_KEY',
  'REGISTRY_GATEWAY_KEY',
  'REDIS_PASSWORD',
  'ORDERS_CLIENT_SECRET',
];

(isPossible ? describe : describe.skip)('what docker-compose.yml starts', () => {
  const run = `tributary_test_${randomUUID().slice(0, 8)}`;
  const variables: Record<string, string> = {
    ...Object.fromEntries(SECRETS.map((name) => [name, randomUUID()])),
    SEED: 'demo',
  };
  const stack = new ClosingStack();
  let directory = '';
  const processes = new Map<string, TestProcess>();
  let endpoint = '';
  let local: (value: string) => string = (value) => value;

  async function administrate(statements: readonly string[]): Promise<void> {
    const client = new Client({ connectionString: process.env.TEST_POSTGRES_URL });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  /** The service that ends before the gateway starts. */
  async function publish(): Promise<void> {
    const [, file = '', ...args] = COMPOSE_SERVICES.publish?.command ?? [];
    const environment = Object.fromEntries(
      Object.entries(environmentOf('publish', variables)).map(([key, value]) => [key, local(value)]),
    );
    expect(await stack.add('publish', startProcess(file, { args, environment })).exitCode).toBe(0);
  }

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-compose-'));
    const ports: Record<string, number> = {};
    const draw = async (...names: readonly string[]) => {
      for (const name of names) ports[name] = await freePort();
    };
    await draw(...WITH_DATABASE);
    const redis = stack.add('redis', await startRedisServer(undefined, variables.REDIS_PASSWORD));
    const postgres = new URL(process.env.TEST_POSTGRES_URL ?? '');
    await administrate(
      WITH_DATABASE.flatMap((name) => [
        `create role ${run}_${name} login password '${variables[`${name.toUpperCase()}_DATABASE_PASSWORD`]}'`,
        `create database ${run}_${name} owner ${run}_${name}`,
      ]),
    );
    local = (value) =>
      value
        .replace(/^postgres:\/\/(\w+):(.*)@postgres:5432\/\w+$/, `postgres://${run}_$1:$2@${postgres.host}/${run}_$1`)
        .replace('redis:6379', new URL(redis.url).host)
        .replace(
          /\b(users|orders|products|notifications|registry):4\d{3}/,
          (_, name: string) => `127.0.0.1:${ports[name]}`,
        );

    const begin = async (name: (typeof OUR_SERVICES)[number]) => {
      const environment = Object.fromEntries(
        Object.entries(environmentOf(name, variables)).map(([key, value]) => [key, local(value)]),
      );
      const command = COMPOSE_SERVICES[name]?.command ?? [];
      const started = startProcess(command.at(-1) ?? '', {
        environment: {
          ...environment,
          [`${name.toUpperCase()}_HTTP_PORT`]: String(ports[name]),
          ...(name === 'gateway'
            ? {
                GATEWAY_ADMIN_PORT: String(ports.admin),
                GATEWAY_SUPERGRAPH_UPLINK_LAST_GOOD_FILE: join(directory, 'supergraph.graphql'),
              }
            : {}),
        },
      });
      processes.set(name, stack.add(name, started));
      await started.output.find(/is serving/);
      const readiness = `http://127.0.0.1:${name === 'gateway' ? ports.admin : ports[name]}/ready`;
      expect((await fetch(readiness)).status).toBe(200);
    };
    // As docker compose does: side by side, but the gateway when the registry has what is published.
    await Promise.all(WITH_DATABASE.map(begin));
    await publish();
    await draw('gateway', 'admin');
    await begin('gateway');
    endpoint = `http://127.0.0.1:${ports.gateway}/graphql`;
  }, 90_000);

  afterAll(async () => {
    await stack.close();
    rmSync(directory, { recursive: true });
    await administrate(
      WITH_DATABASE.flatMap((name) => [
        `drop database if exists ${run}_${name} with (force)`,
        `drop role if exists ${run}_${name}`,
      ]),
    );
  });

  it('keeps what is published in the database of the registry, and publishes it once', async () => {
    const database = new URL(process.env.TEST_POSTGRES_URL ?? '');
    database.pathname = `/${run}_registry`;
    const client = new Client({ connectionString: database.href });
    await client.connect();
    const countVersions = async () => {
      const { rows } = await client.query('select count(*)::int as versions from registry.version');
      return rows[0];
    };
    expect(await countVersions()).toEqual({ versions: 4 });
    await publish();
    expect(await countVersions()).toEqual({ versions: 4 });
    await client.end();
  });

  it('answers the lesson’s query, and an order makes a notification through Redis', async () => {
    const { body } = await postQuery(
      endpoint,
      'mutation { login(email: "ada@example.com", password: "analytical-engine") { accessToken } }',
    );
    const { login } = body.data as { login: { accessToken: string } };
    const headers = { authorization: `Bearer ${login.accessToken}` };
    const lesson = async () =>
      (
        await postQuery(
          endpoint,
          '{ me { name orders { id } notifications { message } } products(first: 1) { edges { node { id } } } }',
          { headers },
        )
      ).body;

    const before = await lesson();
    expect(before.errors).toBeUndefined();
    const { me, products } = before.data as {
      me: { notifications: unknown[] };
      products: { edges: { node: { id: string } }[] };
    };
    const { body: placed } = await postQuery(
      endpoint,
      'mutation($id: ID!) { placeOrder(idempotencyKey: "compose", lines: [{ productId: $id, quantity: 1 }]) { status } }',
      { headers, variables: { id: products.edges[0]?.node.id } },
    );
    expect(placed).toEqual({ data: { placeOrder: { status: 'PLACED' } } });
    await until(async () => {
      const { data } = await lesson();
      return (data as { me: { notifications: unknown[] } }).me.notifications.length > me.notifications.length;
    });
  });

  it('stops each service on SIGTERM with status 0', async () => {
    const started = [...processes.values()];
    for (const each of started) each.kill('SIGTERM');
    expect(await Promise.all(started.map(({ exitCode }) => exitCode))).toEqual(started.map(() => 0));
  });
});
