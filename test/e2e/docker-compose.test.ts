import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { parse, stringify } from 'yaml';
import { ClosingStack } from '../../service/run.ts';
import { COMPOSE_SERVICES, environmentOf, OUR_SERVICES, readScrapeTargets } from '../support/compose-file.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { itWithPromtool } from '../support/promtool.ts';
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
  const ports: Record<string, number> = {};
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

  itWithPromtool('has a Prometheus that hears all of them, and whose rules are evaluated', async () => {
    // Names of containers become addresses of this machine; all else is as it stands there.
    const config = parse(readFileSync('observability/prometheus.yml', 'utf8')) as {
      global: Record<string, string>;
      scrape_configs: { job_name: string; dns_sd_configs?: unknown; static_configs?: unknown }[];
    };
    config.global = { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '1s' };
    for (const job of config.scrape_configs) {
      delete job.dns_sd_configs;
      const asked = readScrapeTargets().filter((target) => target.job === job.job_name);
      job.static_configs = asked.map(({ service }) => ({
        targets: [`127.0.0.1:${service === 'gateway' ? ports.admin : ports[service]}`],
        labels: { __meta_dns_name: service },
      }));
    }
    writeFileSync(join(directory, 'prometheus.yml'), stringify(config));
    cpSync('observability/alerts.yml', join(directory, 'alerts.yml'));
    const port = await freePort();
    const options = (COMPOSE_SERVICES.prometheus?.command ?? []).filter((option) => !/config|path/.test(option));
    const prometheus = startProcess(`--config.file=${join(directory, 'prometheus.yml')}`, {
      command: 'prometheus',
      args: [`--storage.tsdb.path=${join(directory, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, ...options],
    });
    stack.add('prometheus', prometheus);
    await prometheus.output.find(/Server is ready/);
    const ask = async <Data>(path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
      return ((await response.json()) as { data: Data }).data;
    };
    const up = await until(async () => {
      const { result } = await ask<{ result: { metric: { service: string } }[] }>('query?query=up==1');
      return result.length === OUR_SERVICES.length && result;
    });
    const services = up.map(({ metric }) => metric.service);
    expect(services.sort()).toEqual([...OUR_SERVICES].sort());
    const rules = await until(async () => {
      const { groups } = await ask<{ groups: { rules: { name: string; health: string }[] }[] }>('rules');
      const all = groups.flatMap((group) => group.rules);
      return all.every(({ health }) => health !== 'unknown') && all;
    });
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('stops each service on SIGTERM with status 0', async () => {
    const started = [...processes.values()];
    for (const each of started) each.kill('SIGTERM');
    expect(await Promise.all(started.map(({ exitCode }) => exitCode))).toEqual(started.map(() => 0));
  });
});
