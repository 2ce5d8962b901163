import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { gatewayConfig } from '../gateway/config.ts';
import { readConfig } from '../service/config.ts';
import { orders } from '../subgraphs/orders/service.ts';
import {
  COMPOSE_SERVICES,
  COMPOSE_TEXT,
  type ComposeService,
  environmentOf,
  OUR_SERVICES,
  readScrapeTargets,
} from './support/compose-file.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const SECRETS = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);

describe('docker-compose.yml', () => {
  it('has every service in a container of its own, with a health check', () => {
    expect(Object.keys(COMPOSE_SERVICES).sort()).toEqual(
      [...OUR_SERVICES, 'postgres', 'publish', 'redis', 'prometheus', 'grafana'].sort(),
    );
    const lasting = Object.entries(COMPOSE_SERVICES).filter(([name]) => name !== 'publish');
    for (const [name, service] of lasting) expect([name, service.healthcheck]).toEqual([name, expect.anything()]);
  });

  it('starts files that are there', () => {
    const files = OUR_SERVICES.map((name) => COMPOSE_SERVICES[name]?.command?.at(-1) ?? '');
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('runs two gateways, and two replicas of orders between which they balance', () => {
    const { orders, gateway } = COMPOSE_SERVICES;
    for (const service of [orders, gateway]) expect(service).toMatchObject({ deploy: { replicas: 2 } });
    expect(gateway?.environment?.GATEWAY_UPSTREAM_ORDERS_RESOLVE_INTERVAL_MS).toMatch(/^[1-9]\d+$/);
  });

  it('publishes only the gateways’ client ports, and on the machine itself those of the registry, Prometheus and Grafana', () => {
    const published = Object.entries(COMPOSE_SERVICES).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port}`),
    );
    expect(published).toEqual([
      'registry 127.0.0.1:4200:4200',
      'gateway 4000-4001:4000',
      'prometheus 127.0.0.1:9090:9090',
      'grafana 127.0.0.1:3000:3000',
    ]);
  });

  it('has Prometheus ask each of our services where it listens for the others', () => {
    const targets = readScrapeTargets();
    expect(targets.map(({ service }) => service).sort()).toEqual([...OUR_SERVICES].sort());
    for (const { service, port } of targets) {
      const { environment = {}, healthcheck } = COMPOSE_SERVICES[service] ?? {};
      const host = service === 'gateway' ? 'GATEWAY_ADMIN_HOST' : `${service.toUpperCase()}_HTTP_HOST`;
      expect([host, environment[host]]).toEqual([host, '0.0.0.0']);
      expect(JSON.stringify(healthcheck)).toContain(`http://127.0.0.1:${port}/ready`);
    }
  });

  it('has Prometheus and Grafana in a version that stays, with files that are there', () => {
    for (const { image, volumes = [] } of [COMPOSE_SERVICES.prometheus, COMPOSE_SERVICES.grafana] as ComposeService[]) {
      expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      const files = volumes.map((volume) => volume.split(':')).filter(([from]) => from?.startsWith('./'));
      expect(files.length).toBeGreaterThan(1);
      expect(files.filter(([from = '', , mode]) => mode !== 'ro' || !existsSync(join(ROOT, from)))).toEqual([]);
    }
    const mounted = (file: string) => expect.stringMatching(`^\\./observability/${file}:/etc/`);
    expect(COMPOSE_SERVICES.prometheus?.volumes).toEqual(
      expect.arrayContaining([mounted('prometheus.yml'), mounted('alerts.yml')]),
    );
    // Where grafana/dashboards.yml says that they are.
    expect(read('observability/grafana/dashboards.yml')).toContain('path: /etc/grafana/dashboards ');
    expect(COMPOSE_SERVICES.grafana?.volumes).toContain('./observability/dashboards:/etc/grafana/dashboards:ro');
    expect(COMPOSE_SERVICES.grafana?.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
      '/etc/grafana/dashboards/traffic.json',
    );
  });

  it('takes every secret from the environment, each named in .env.example', () => {
    const named = new Set([...COMPOSE_TEXT.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
    expect([...named].sort()).toEqual([...SECRETS].sort());
    expect(() => environmentOf('users', {})).toThrow('copy .env.example to .env');
  });

  it('gives the administrator’s key to what publishes alone: the gateway has one that reads and reports', () => {
    const holders = Object.entries(COMPOSE_SERVICES).flatMap(([name, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([, value]) => /\$\{REGISTRY_(ADMIN|GATEWAY)_KEY\b/.test(value))
        .map(([option, value]) => `${name} ${option} ${value.match(/\w+/)?.[0]}`),
    );
    expect(holders).toEqual([
      'registry REGISTRY_ADMIN_KEY REGISTRY_ADMIN_KEY',
      'registry REGISTRY_GATEWAY_KEY REGISTRY_GATEWAY_KEY',
      'publish APOLLO_KEY REGISTRY_ADMIN_KEY',
      'gateway APOLLO_KEY REGISTRY_GATEWAY_KEY',
    ]);
  });

  it.each(['.gitignore', '.dockerignore'])('has its secrets in a file that %s names', (path) => {
    expect(read(path).split('\n')).toContain('.env');
  });

  it('gives every subgraph and the registry a database and a role of its own', () => {
    const urls = OUR_SERVICES.slice(0, 5).map(
      (name) => [name, COMPOSE_SERVICES[name]?.environment?.DATABASE_URL ?? ''] as const,
    );
    for (const [name, url] of urls) expect(url).toMatch(new RegExp(`^postgres://${name}:.+@postgres:5432/${name}$`));
    expect(read('docker/create-databases.sh')).toContain('for service in users orders products notifications registry');
  });

  it('gives all but the registry one Redis, for events and for what the gateway keeps', () => {
    const urls = OUR_SERVICES.filter((name) => name !== 'registry').map(
      (name) => COMPOSE_SERVICES[name]?.environment?.REDIS_URL,
    );
    expect(new Set(urls)).toEqual(new Set([expect.stringMatching(/^redis:.*@redis:6379$/)]));
  });

  it('sets only options that the services have', () => {
    const environment = Object.fromEntries(
      SECRETS.map((name) => [name, name === 'SEED' ? 'demo' : 'a long random value']),
    );
    const gateway = readConfig({
      schema: gatewayConfig,
      prefix: 'GATEWAY',
      environment: environmentOf('gateway', environment),
      file: join(ROOT, 'gateway/gateway.yaml'),
    });
    expect(Object.keys(gateway.upstream).sort()).toEqual(['notifications', 'orders', 'products', 'users']);
    expect(gateway.authentication.issuers.users?.jwksUrl).toBe('http://users:4101/.well-known/jwks.json');
    const ordersConfig = readConfig({
      schema: orders.config,
      prefix: 'ORDERS',
      environment: environmentOf('orders', environment),
    });
    expect(ordersConfig).toMatchObject({
      products: { url: 'http://products:4103' },
      client: { tokenUrl: 'http://users:4101/oauth/token', secret: 'a long random value' },
    });
  });
});
