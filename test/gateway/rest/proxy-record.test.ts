import { once } from 'node:events';
import { request as requestOf } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { writeRaw } from '../../support/raw-request.ts';
import { until } from '../../support/until.ts';
import { type Proxied, type ProxiedOptions, startProxied } from './proxied.ts';

describe('the record of a request that is passed on', () => {
  let proxied: Proxied;
  let lines: ReturnType<typeof createTestLog>['lines'];
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterEach(() => proxied.close());
  afterAll(() => issuer.close());

  const ROUTES = {
    all: { path: '/a', upstream: 'rest' },
    guarded: { path: '/guarded', upstream: 'rest', requires: { authenticated: true } },
  };
  async function start(options: Partial<ProxiedOptions> = {}): Promise<void> {
    const log = createTestLog();
    lines = log.lines;
    const environment = { ...trusting(issuer), GATEWAY_UPSTREAM_DEFAULTS_RETRY_RETRIES: '0', ...options.environment };
    proxied = await startProxied({ routes: ROUTES, ...options, environment, log: log.log });
  }
  const line = async () => {
    const found = () => lines.all.find((each) => each.includes('"msg":"request"'));
    await until(() => found() !== undefined);
    return JSON.parse(found() ?? '') as Record<string, unknown>;
  };
  const metrics = async () => (await fetch(`${proxied.gateway.adminUrl}/metrics`)).text();

  it('has its route, its status and how much was answered', async () => {
    await start();
    const { length } = await (await fetch(`${proxied.url}/a?secret`)).text();
    const { bytes, ...told } = await line();
    expect(told).toMatchObject({ protocol: 'proxy', route: 'all', status: 200, fetches: 1, subgraphs: { rest: 1 } });
    expect(bytes).toBeGreaterThan(length);
    expect(lines.all.join()).not.toContain('?secret');
  });

  it('says that the upstream cannot be reached', async () => {
    await start({ services: {}, environment: { GATEWAY_UPSTREAM_REST_URLS: 'http://127.0.0.1:1' } });
    await fetch(`${proxied.url}/a`);
    expect(await line()).toMatchObject({ status: 502, codes: ['UPSTREAM_UNREACHABLE'] });
    expect(await metrics()).toMatch(/fetch_duration_seconds_count\{subgraph="rest",outcome="UPSTREAM_UNREACHABLE"\} 1/);
  });

  it('says that the client has left', async () => {
    const arrived = Promise.withResolvers<void>();
    await start({ services: { rest: () => arrived.resolve() } });
    const client = requestOf(`${proxied.url}/a`).on('error', () => undefined);
    client.end();
    await arrived.promise;
    client.destroy();
    expect(await line()).toMatchObject({ status: 499, codes: ['REQUEST_CANCELLED'] });
  });

  it('says that an answer broke half-way', async () => {
    await start({
      services: {
        rest: (_request, response) => {
          response.writeHead(200, { 'content-length': '10' });
          response.write('half', () => response.destroy());
        },
      },
    });
    const client = requestOf(`${proxied.url}/a`).end();
    const [response] = (await once(client, 'response')) as [NodeJS.ReadableStream];
    await once(response.resume(), 'error');
    expect(await line()).toMatchObject({ status: 200, codes: ['UPSTREAM_UNREACHABLE'] });
  });

  it('is there of a change of protocol that is refused', async () => {
    await start();
    const head = ['GET /guarded HTTP/1.1', 'host: a', 'connection: upgrade', 'upgrade: websocket'];
    const answer = await writeRaw(proxied.url, `${head.join('\r\n')}\r\nsec-websocket-key: a\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(await line()).toMatchObject({ route: 'guarded', status: 401, codes: ['UNAUTHENTICATED'] });
  });

  it('has what is secret between a client and the gateway go no further', async () => {
    await start();
    await fetch(`${proxied.url}/a`, { headers: { 'x-explain': '1', 'cache-explain': 'a', 'cost-explain': 'b' } });
    expect(Object.keys(proxied.arrived[0]?.headers ?? {}).filter((name) => name.includes('explain'))).toEqual([]);
  });
});
