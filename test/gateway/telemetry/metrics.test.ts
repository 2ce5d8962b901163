import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { METRICS } from '../../../gateway/metric-table.ts';
import { type Collector, startCollector } from '../../support/collector.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../../support/controlled-subgraph.ts';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { itWithPromtool, runPromtool } from '../../support/promtool.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';
import { startUsageServer } from '../../support/usage-server.ts';

const KEY = 'a key of sixteen characters';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';

describeWithRedisServer('the metrics of a gateway in a scripted run', () => {
  let gateway: TestGateway;
  let collector: Collector;
  let issuer: TestIssuer;
  let redis: RedisServer;
  let subgraph: ControlledSubgraph;
  let usage: Awaited<ReturnType<typeof startUsageServer>>;
  const directory = mkdtempSync(join(tmpdir(), 'tributary-metrics-'));

  beforeAll(async () => {
    collector = await startCollector();
    issuer = await startIssuer();
    redis = await startRedisServer();
    usage = await startUsageServer();
    subgraph = await startControlledSubgraph({
      name: 'one',
      sdl: 'directive @cacheControl(maxAge: Int) on FIELD_DEFINITION type Query { name(of: Int): String @cacheControl(maxAge: 60), broken: String, coded(as: String): String }',
      resolvers: {
        Query: {
          name: () => 'one',
          broken: () => {
            throw new Error('broken');
          },
          coded: (_: unknown, { as }: { as: string }) => {
            throw new GraphQLError('coded', { extensions: { code: as } });
          },
        },
      },
    });
    subgraph.control = 'max-age=60';
    const manifest = join(directory, 'manifest.json');
    writeFileSync(manifest, '{"format":"apollo-persisted-query-manifest","version":1,"operations":[]}');
    gateway = await startTestGateway([subgraph.schema], {
      ...trusting(issuer),
      REDIS_URL: redis.url,
      GATEWAY_CACHE_INVALIDATION_KEY: KEY,
      GATEWAY_COST_MODE: 'report',
      GATEWAY_PERSISTED_SAFELIST_MODE: 'log-unknown',
      GATEWAY_PERSISTED_SAFELIST_MANIFEST: manifest,
      GATEWAY_RATE_LIMIT_SETS: JSON.stringify({
        all: { client: ['ip'], rules: { requests: { limit: 1_000, windowS: 3_600 } } },
      }),
      GATEWAY_TELEMETRY_METRICS_MAX_OPERATIONS: '2',
      GATEWAY_TELEMETRY_TRACES_ENDPOINT: collector.endpoint,
      GATEWAY_TELEMETRY_TRACES_SAMPLE: '1',
      GATEWAY_USAGE_URL: usage.url,
      APOLLO_KEY: 'key',
      APOLLO_GRAPH_REF: 'graph@current',
    });
  });
  afterAll(async () => {
    await gateway.close();
    for (const each of [subgraph, usage, redis, issuer, collector]) await each.close();
    rmSync(directory, { recursive: true });
  });

  const scrape = async (accept?: string) => {
    const response = await fetch(`${gateway.adminUrl}/metrics`, accept === undefined ? {} : { headers: { accept } });
    return { type: response.headers.get('content-type'), text: await response.text() };
  };
  const linesOf = async (name: string) =>
    (await scrape()).text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

  it('are all there, each with a sample', async () => {
    for (let time = 0; time < 4; time++) await gateway.query('query Often { name(of: 1) }');
    await gateway.query('query Broken { broken name }');
    await gateway.query('{ nope }');
    await gateway.query('{ name }', { headers: { authorization: `Bearer ${await issuer.token({ subject: 'ada' })}` } });
    const admin = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
    const invalidation = '[{"kind":"subgraph","subgraph":"one"}]';
    await fetch(`${gateway.adminUrl}/invalidate`, { method: 'POST', headers: admin, body: invalidation });
    await fetch(`${gateway.adminUrl}/reload`, { method: 'POST', headers: admin });
    await until(() => collector.spans.length > 0);
    const { text, type } = await scrape();
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const missing = Object.keys(METRICS).filter((name) => !new RegExp(`^${name}(_count)?[{ ]`, 'm').test(text));
    expect(missing).toEqual([]);
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds',
      'nodejs_gc_duration_seconds_count',
    ])
      expect(text).toContain(`\n${name}`);
  });

  it('say how operations did, and which subgraph was asked where', async () => {
    const counts = await linesOf('tributary_request_duration_seconds_count');
    expect(counts).toContainEqual(
      expect.stringMatching(/protocol="graphql",operation="Often \w{8}",outcome="ok"\} 2$/),
    );
    expect(counts).toContainEqual(expect.stringMatching(/operation="none",outcome="failed"\} 1$/));
    expect(await linesOf('tributary_upstream_tries_total')).toEqual([
      expect.stringMatching(/upstream="one",address="http:\/\/127[^"]+",outcome="2xx"\} \d+$/),
    ]);
  });

  it('have no more operations than they may, whatever clients send', async () => {
    for (let number = 0; number < 30; number++)
      for (let time = 0; time < 3; time++) await gateway.query(`query Flood${number} { name(of: ${number}) }`);
    const operations = (await linesOf('tributary_request_duration_seconds_count')).map(
      (line) => /operation="([^"]*)"/.exec(line)?.[1],
    );
    expect(new Set(operations.map((name) => name?.replace(/ .*/, '')))).toEqual(
      new Set(['none', 'other', 'Often', 'Flood0']),
    );
  });

  it('have no more codes than they may, whatever subgraphs make up', async () => {
    for (let number = 0; number < 60; number++)
      await gateway.query(
        `{ ${Array.from({ length: 5 }, (_, index) => `f${index}: coded(as: "C${number}_${index}")`).join(' ')} }`,
      );
    const codes = (await linesOf('tributary_request_errors_total')).map((line) => /code="([^"]*)"/.exec(line)?.[1]);
    expect(codes.filter((code) => code?.startsWith('C')).length).toBeGreaterThan(100);
    expect(codes.length).toBeLessThanOrEqual(201);
    expect(codes).toContain('other');
  });

  it('have examples in the OpenMetrics form: a trace that the collector has', async () => {
    const { text, type } = await scrape(OPENMETRICS);
    expect(type).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(text.trimEnd()).toMatch(/\n# EOF$/);
    const example =
      /^tributary_request_duration_seconds_bucket\{.*\} \d+ # \{trace_id="(\w{32})"\} [\d.e-]+ [\d.]+$/m.exec(text);
    await until(() => collector.spans.some(({ traceId }) => traceId === example?.[1]));
    expect((await scrape()).text).not.toContain('trace_id');
  });

  itWithPromtool('are as Prometheus wants them', async () => {
    const { text } = await scrape();
    const { said } = await runPromtool(['metrics'], text);
    expect(said).toBe('');
  });

  it('say that Redis is away', async () => {
    await redis.close();
    await until(async () => (await linesOf('tributary_store_up')).some((line) => line.endsWith(' 0')));
  });
});

describe('metrics that are turned off', () => {
  it('are not there, and nothing is noted of requests', async () => {
    const subgraph = await startControlledSubgraph({
      ...{ name: 'one', sdl: 'type Query { name: String }', resolvers: { Query: { name: () => 'one' } } },
    });
    const gateway = await startTestGateway([subgraph.schema], { GATEWAY_TELEMETRY_METRICS_IS_ENABLED: 'false' });
    try {
      expect((await gateway.query('{ name }')).body).toEqual({ data: { name: 'one' } });
      expect((await fetch(`${gateway.adminUrl}/metrics`)).status).toBe(404);
    } finally {
      await gateway.close();
      await subgraph.close();
    }
  });
});
